import type { VirtualTime } from '@g-store/runtime';
import type { Change, Socket, SocketEvents } from '../src/index.js';
import type { Identity } from './identity.js';

/** The shop's live feed as contracts.md has it: positions, resume, present state of an order. */
export interface Feed {
  open(protocols: readonly string[], events: SocketEvents): Socket;
  /** Something happens to an order; its version counts by itself. */
  order(orderId: string, owner: string, status?: string): void;
  points(owner: string, version: number): void;
  /** Sockets that are open now. */
  readonly sockets: readonly ServerSocket[];
  readonly upgrades: number;
  reachable(on: boolean): void;
  /** Whether upgrades get through at all, as behind a proxy that knows no websockets they do not. */
  accepts: boolean;
  /** How long a message is on its way, in either direction; what is on its way when a connection breaks is lost. */
  latencyMs: number;
  /** The oldest entry that can still be resumed from. */
  forgetPast(): void;
  /** What clients have said, of all sockets. */
  readonly said: readonly Said[];
}

type Said = Readonly<Record<string, string | undefined>>;

export interface ServerSocket {
  readonly user: string;
  close(code: number, reason?: string): void;
  /** The network swallows it: no goodbye. */
  cut(): void;
  /** Lets nothing through any more, and does not say so. */
  freeze(): void;
  raw(text: unknown): void;
}

interface Entry {
  readonly owner: string;
  readonly change: Change;
}

interface Open extends ServerSocket {
  readonly targets: Map<string, string>;
  tell(type: string, data?: object, position?: string): void;
}

export function createFeed(time: VirtualTime, identity: Identity): Feed {
  const entries: Entry[] = [];
  const versions = new Map<string, number>();
  const sockets = new Set<Open>();
  const said: Said[] = [];
  let oldest = 0;
  let upgrades = 0;
  let on = true;

  const head = (): string => `p${entries.length}`;
  const isFor = ({ owner, change }: Entry, name: string, user: string): boolean => {
    if (name === 'all') return true;
    if (name === 'mine') return owner === user;
    return (
      change.type.startsWith('order.') && 'orderId' in change.data && change.data.orderId === name && owner === user
    );
  };
  const announce = (entry: Entry): void => {
    entries.push(entry);
    for (const socket of sockets) {
      const wanted = [...socket.targets.keys()].some((name) => isFor(entry, name, socket.user));
      if (wanted) socket.tell(entry.change.type, entry.change.data, head());
    }
  };
  const subscribe = (socket: Open, { orderId, scope, after }: Said): void => {
    const name = orderId ?? scope ?? '';
    const target = orderId === undefined ? { scope } : { orderId };
    socket.targets.delete(name);
    const from = after === undefined ? undefined : Number(after.slice(1));
    const recovered = from !== undefined && from >= oldest;
    socket.tell('subscribed', { ...target, recovered }, recovered ? `p${from}` : head());
    if (recovered)
      entries.slice(from).forEach((entry, index) => {
        if (isFor(entry, name, socket.user)) socket.tell(entry.change.type, entry.change.data, `p${from + index + 1}`);
      });
    socket.targets.set(name, name);
    const latest = recovered || scope ? undefined : entries.findLast((entry) => isFor(entry, name, socket.user));
    if (latest) socket.tell(latest.change.type, latest.change.data, head());
  };
  const hear = (socket: Open, message: Said): void => {
    said.push(message);
    switch (message['type']) {
      case 'subscribe':
        return subscribe(socket, message);
      case 'unsubscribe':
        socket.targets.delete(message['orderId'] ?? message['scope'] ?? '');
        return socket.tell('unsubscribed');
      case 'authenticate':
        return identity.userOf(message['token'] ?? '') === socket.user
          ? socket.tell('authenticated')
          : socket.tell('error', { code: 'unauthenticated', message: 'no' });
      case 'ping':
        return socket.tell('pong');
    }
  };

  const travel = (arrive: () => void): void => {
    if (feed.latencyMs === 0) arrive();
    else time.after(feed.latencyMs, arrive);
  };
  const open = (protocols: readonly string[], events: SocketEvents): Socket => {
    upgrades += 1;
    const token = protocols[1]?.replace('bearer.', '') ?? '';
    const user = identity.userOf(token);
    let frozen = false;
    let broken = false;
    const socket: Socket = {
      send: (text) =>
        travel(() => {
          if (!frozen && sockets.has(server)) hear(server, JSON.parse(text) as Said);
        }),
      close: () => void sockets.delete(server),
    };
    const breakOff = (): void => {
      broken = true;
      sockets.delete(server);
      events.closed(1006, '');
    };
    const server: Open = {
      user: user ?? '',
      targets: new Map(),
      tell: (type, data, position) => server.raw(JSON.stringify({ type, data, position })),
      raw: (text) =>
        travel(() => {
          if (!frozen && !broken) events.heard(text);
        }),
      close: (code, reason = '') => {
        sockets.delete(server);
        travel(() => {
          if (!frozen && !broken) events.closed(code, reason);
        });
      },
      cut: breakOff,
      freeze: () => void (frozen = true),
    };
    time.after(1, () => {
      if (!on || !feed.accepts || user === undefined) return breakOff();
      sockets.add(server);
      events.opened();
    });
    return socket;
  };

  const feed: Feed = {
    accepts: true,
    latencyMs: 0,
    open,
    order(orderId, owner, status = 'PAID') {
      const version = (versions.get(orderId) ?? 0) + 1;
      versions.set(orderId, version);
      announce({
        owner,
        change: { type: 'order.status.changed', data: { orderId, status: status as 'PAID', version, at: '' } },
      });
    },
    points: (owner, version) =>
      announce({
        owner,
        change: {
          type: 'points.changed',
          data: { accountId: owner, balance: 0, change: 0, kind: '', version, at: '' },
        },
      }),
    get sockets() {
      return [...sockets];
    },
    get upgrades() {
      return upgrades;
    },
    said,
    reachable(next) {
      on = next;
      if (!on) for (const socket of [...sockets]) socket.freeze();
    },
    forgetPast: () => void (oldest = entries.length + 1),
  };
  return feed;
}
