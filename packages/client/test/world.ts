import { createVirtualTime, type VirtualTime } from '@g-store/runtime';
import { createShopClient, type Network, type Ports, type ShopClient, type Tabs } from '../src/index.js';
import { createFeed, type Feed } from './feed.js';
import { createIdentity, type Identity } from './identity.js';

/** What a request gets: an answer, or a connection that breaks before or after the shop has acted. */
export type Outcome = Response | 'cut';
export type Handler = (request: Request) => Outcome | Promise<Outcome>;

/** A shop, its network and one browser, all of which move only when a test says so. */
export interface World {
  readonly time: VirtualTime;
  readonly identity: Identity;
  readonly feed: Feed;
  /** Every request that was sent, in order: `POST /api/orders/v1/orders`. */
  readonly asked: readonly string[];
  /** What the other services answer; 404 without one. */
  serve(handler: Handler): void;
  /** Nothing gets through in either direction while it is off. */
  network(on: boolean): void;
  /** Answers of this path are on their way until they are let go. */
  hold(path: string): () => void;
  /** Another page of the same browser: same cookie, same locks. */
  openTab(options?: { readonly session?: 'cookie' | 'memory' }): ShopClient;
  readonly ports: Ports;
  /** What listeners threw. */
  readonly faults: readonly unknown[];
}

export const base = 'http://shop.test';

export function createWorld(): World {
  const time = createVirtualTime();
  const identity = createIdentity(time);
  const feed = createFeed(time, identity);
  const asked: string[] = [];
  const faults: unknown[] = [];
  const backListeners = new Set<() => void>();
  let handler: Handler = () => problem(404, 'not_found');
  const held = new Map<string, Promise<void>>();
  let online = true;

  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    asked.push(`${request.method} ${pathname}`);
    // Aborting works as in a real fetch, even when nothing ever answers.
    const aborted = new Promise<never>((_resolve, reject) =>
      request.signal.addEventListener('abort', () => reject(request.signal.reason as Error), { once: true }),
    );
    if (!online) throw new TypeError('fetch failed');
    const outcome = await Promise.race([answered(request), aborted]);
    await held.get(pathname);
    if (outcome === 'cut' || !online) throw new TypeError('terminated');
    return outcome;
  };
  const answered = async (request: Request): Promise<Outcome> =>
    (await identity.answer(request)) ??
    (identity.refuses(request) ? problem(401, 'unauthenticated') : handler(request));

  const network: Network = {
    get online() {
      return online;
    },
    onBack(listener) {
      backListeners.add(listener);
      return () => void backListeners.delete(listener);
    },
  };
  const tabs = createTabs();
  const portsOf = (): Ports => ({
    fetch,
    openSocket: (_url, protocols, events) => feed.open(protocols, events),
    time: {
      monotonicMs: () => time.monotonicMs(),
      after(ms, run) {
        const timer = time.after(ms, run);
        return () => timer[Symbol.dispose]();
      },
    },
    random: () => 0.5,
    network,
    tabs: tabs(),
    report: (fault) => faults.push(fault),
  });

  return {
    time,
    identity,
    feed,
    asked,
    faults,
    ports: portsOf(),
    serve: (next) => void (handler = next),
    hold(path) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(path, promise);
      return () => {
        held.delete(path);
        resolve();
      };
    },
    network(on) {
      online = on;
      feed.reachable(on);
      if (on) for (const listener of backListeners) listener();
    },
    openTab: ({ session = 'cookie' } = {}) => createShopClient({ baseUrl: base, session, ports: portsOf() }),
  };
}

/** Tabs of one browser: one at a time under a lock, and what one says all others hear. */
function createTabs(): () => Tabs {
  const all = new Set<(message: string) => void>();
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const own = new Set<(message: string) => void>();
    return {
      alone(_name, run) {
        const turn = last.then(run, run);
        last = turn.catch(() => undefined);
        return turn;
      },
      tell(message) {
        for (const listener of [...all]) if (!own.has(listener)) listener(message);
      },
      onTold(listener) {
        all.add(listener);
        own.add(listener);
        return () => void all.delete(listener);
      },
    };
  };
}

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const nothing = (headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status: 204, headers });

export function problem(
  status: number,
  code: string,
  {
    headers = {},
    ...more
  }: { readonly headers?: Readonly<Record<string, string>>; readonly [key: string]: unknown } = {},
): Response {
  const body = {
    type: `/problems/${code}`,
    title: code,
    status,
    detail: code,
    code,
    error: code,
    traceId: 't',
    ...more,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}
