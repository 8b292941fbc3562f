import { createHash, randomUUID } from 'node:crypto';
import type { Broker } from '@g-store/messaging';
import type { Served } from '@g-store/service';
import {
  client,
  createDatabase,
  eventually,
  openSocket,
  startBrokerInMemory,
  testTokens,
  type Closed,
  type HttpClient,
  type SocketClient,
  type SocketOptions,
  type TestDatabase,
  type TestTokens,
} from '@g-store/testing';
import { readNotificationsSettings } from '../src/config.js';
import { serverMessages } from '../src/inbound/socket-schemas.js';
import type { HubLimits } from '../src/live/hub.js';
import { notificationsMigration } from '../src/migrations/001-notifications.js';
import { pointsMigration } from '../src/migrations/002-points.js';
import { startNotifications } from '../src/service.js';
import { createStoryteller, type Storyteller } from './storyteller.js';

export interface Frame {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: string;
}

export type Socket = SocketClient<Frame>;

export interface Instance extends AsyncDisposable {
  readonly url: string;
  readonly http: (token?: string) => HttpClient;
  open(options?: SocketOptions): Promise<Socket>;
}

export interface Running extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly broker: Broker;
  readonly tokens: TestTokens;
  readonly tells: Storyteller;
  readonly staffKey: string;
  /** One more instance, on the same database and broker. */
  start(settings?: Readonly<Record<string, string>>, limits?: Partial<HubLimits>): Promise<Instance>;
}

/** Everything that the service needs, in which a test stands in for orders, payments and identity. */
export async function startSurroundings(): Promise<Running> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createDatabase({ migrations: [notificationsMigration, pointsMigration] }));
  const tokens = testTokens();
  const keys = starting.use(await tokens.serve());
  const broker = starting.use(await startBrokerInMemory());
  const staffKey = randomUUID();
  const environment = environmentOf(database, keys.jwksUrl, staffKey);
  const instances = starting.use(new AsyncDisposableStack());
  const running = starting.move();
  return {
    database,
    broker,
    tokens,
    tells: createStoryteller(broker),
    staffKey,
    start: async (settings = {}, limits = {}) =>
      instances.use(
        await instanceOf(
          await startNotifications(readNotificationsSettings({ ...environment, ...settings }), { broker }, limits),
        ),
      ),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export const environmentOf = (
  database: TestDatabase,
  jwksUrl: string,
  staffKey: string,
): Readonly<Record<string, string>> => ({
  GSTORE_MODE: 'demo',
  HOST: '127.0.0.1',
  PORT: '0',
  DATABASE_URL: database.url,
  DATABASE_OWNER_URL: database.ownerUrl,
  KAFKA_BROKERS: '127.0.0.1:1',
  JWKS_URL: jwksUrl,
  STAFF_API_KEYS: `robot:${createHash('sha256').update(staffKey).digest('hex')}:orders`,
  LOG_LEVELS: 'error',
  CHECK_ANSWERS: 'on',
  WS_DEPLOY_SPREAD_MS: '200',
});

/** A service that has started, once it is ready; disposed of once only, and then no socket has been told what is not written down. */
export async function instanceOf(served: Served, within = 15_000): Promise<Instance> {
  await eventually(async () => expect((await client(served.url).get('/readyz')).body).toMatchObject({ ready: true }), {
    within,
  });
  let stopping: Promise<void> | undefined;
  const opened: Socket[] = [];
  const stop = async (): Promise<void> => {
    await served[Symbol.asyncDispose]();
    for (const frame of opened.flatMap(({ frames }) => frames))
      expect(serverMessages[frame.type as keyof typeof serverMessages].parse(frame)).toEqual(frame);
  };
  return {
    url: served.url,
    http: (token) => client(served.url, token === undefined ? {} : { token }),
    open: async (options) => {
      const socket = await openSocket<Frame>(`${served.url.replace('http', 'ws')}/ws`, options);
      opened.push(socket);
      return socket;
    },
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}

/** Changes and states that a socket was told, as `status version`, of one order or of all. */
export const told = (socket: Socket, orderId?: string): readonly string[] =>
  socket.frames
    .filter(({ type, data }) => type.startsWith('order.') && (orderId === undefined || data['orderId'] === orderId))
    .map(({ data }) => `${String(data['status'] ?? data['reason'])} ${String(data['version'])}`);

export async function subscribed(socket: Socket, message: Readonly<Record<string, unknown>>): Promise<Frame> {
  const from = socket.frames.length;
  socket.send({ type: 'subscribe', ...message });
  return socket.frame(({ type }) => type === 'subscribed', { from });
}

export const lastPosition = (socket: Socket): string =>
  socket.frames.findLast(({ position }) => position !== undefined)?.position ?? '';

/** How a socket ends, which it does within five seconds. */
export async function ending(socket: Socket): Promise<Closed> {
  let closed: Closed | undefined;
  void socket.closed.then((how) => (closed = how));
  return eventually(() => closed ?? false);
}
