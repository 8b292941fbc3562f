import { createHealth, createIds, createMetrics, systemClock, systemTimers, type Log } from '@g-store/runtime';
import { client, testTokens, type HttpClient, type TestTokens } from '@g-store/testing';
import {
  createApp,
  createAuthenticate,
  createDenyList,
  parseStaffKeys,
  startHttpServer,
  type AppOptions,
  type DenyList,
  type HttpServer,
  type Reply,
  type TransactPort,
} from '../src/index.js';
import { createHash } from 'node:crypto';

export interface Shop extends AsyncDisposable {
  readonly url: string;
  readonly http: HttpClient;
  readonly tokens: TestTokens;
  readonly denyList: DenyList;
  /** Every log line. */
  readonly lines: readonly { readonly level: string; readonly message: string; readonly [field: string]: unknown }[];
  readonly health: ReturnType<typeof createHealth>;
  readonly server: HttpServer;
}

export const warehouseKey = 'a-warehouse-key-of-some-length';
export const kioskKey = 'a-kiosk-key-of-some-length';
const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');
export const staffKeys = `warehouse:${digestOf(warehouseKey)}:orders+points,kiosk:${digestOf(kioskKey)}:accrual`;

/** A service made of the given routes, listening on a free port, whose customers sign in with `tokens`. */
export async function openShop(
  options: Pick<AppOptions<unknown, unknown>, 'routes'> & Partial<AppOptions<unknown, unknown>>,
): Promise<Shop> {
  const tokens = testTokens();
  const lines: Shop['lines'][number][] = [];
  const log = collecting(lines);
  const health = createHealth();
  const denyList = createDenyList(systemClock);
  await using opened = new AsyncDisposableStack();
  const authenticate = createAuthenticate({
    keys: { local: async () => tokens.jwks },
    denyList,
    staffKeys: parseStaffKeys(staffKeys),
    clock: systemClock,
    timers: systemTimers,
    log,
    health,
  });
  opened.use(authenticate);
  const app = createApp<unknown, unknown>({
    service: 'shop',
    title: 'Shop',
    version: '1.0.0',
    authenticate,
    clock: systemClock,
    ids: createIds(systemClock),
    log,
    metrics: createMetrics({ service: 'shop' }),
    health,
    checkAnswers: true,
    ...options,
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0, timers: systemTimers });
  opened.use(server);
  const all = opened.move();
  return {
    url: server.url,
    http: client(server.url),
    tokens,
    denyList,
    lines,
    health,
    server,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function collecting(lines: object[]): Log {
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push({ level, message, ...fields });
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    module: () => log,
  };
  return log;
}

/** Keeps answers beside their keys, as a service's database does; runs one command at a time. */
export function keepingTransact<Work>(work: Work): TransactPort<Work, unknown> {
  const kept = new Map<string, { readonly fingerprint: string; readonly reply: string }>();
  let last: Promise<unknown> = Promise.resolve();
  return ({ idempotency }, _announced, run) => {
    const turn = last.then(async () => {
      const id = idempotency && JSON.stringify([idempotency.principal, idempotency.route, idempotency.key]);
      const found = id === undefined ? undefined : kept.get(id);
      if (found && found.fingerprint !== idempotency?.fingerprint.toString('hex')) throw new KeyReused();
      if (found) return { reply: JSON.parse(found.reply) as Reply, replayed: true };
      const reply = await run(work);
      if (id !== undefined && idempotency) {
        kept.set(id, { fingerprint: idempotency.fingerprint.toString('hex'), reply: JSON.stringify(reply) });
      }
      return { reply, replayed: false };
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

class KeyReused extends Error {
  override readonly name = 'KeyReused';
}
