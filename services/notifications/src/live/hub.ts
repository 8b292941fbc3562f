import { failpoint, type Clock, type Timers } from '@g-store/runtime';
import { createDeliveryQueue, type DeliveryQueue, type Item, type Outlet } from './delivery-queue.js';
import { createJoin, frameWith } from './frames.js';
import type { Entry } from './news.js';
import type { Positions } from './positions.js';
import type { PresentState } from './present-state.js';
import type { Rings } from './rings.js';
import { createSession, type Member, type Session, type Target } from './session.js';

export interface HubLimits {
  /** What comes within this time goes out in one write. */
  readonly flushMs: number;
  readonly unheardMs: number;
  readonly slowBytes: number;
  readonly mostBytes: number;
  readonly slowMs: number;
}

export const hubLimits: HubLimits = {
  flushMs: 5,
  unheardMs: 10_000,
  slowBytes: 256 * 1024,
  mostBytes: 1024 * 1024,
  slowMs: 10_000,
};

export interface HubOptions {
  readonly rings: Rings;
  readonly positions: Positions;
  readonly presentState: PresentState;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits?: Partial<HubLimits>;
}

/** A socket that takes part. */
export interface Seat {
  readonly session: Session;
  /** Hands over what waits, at once. */
  flush(): void;
  leave(): void;
}

/** Brings each piece of news to those who watch it: to its owner and to staff, and to nobody else. */
export interface Hub extends Disposable {
  join(member: Member, outlet: Outlet): Seat;
  deliver(entry: Entry): void;
  readonly size: number;
  readonly subscriptions: number;
  /** Frames of news that were queued for sockets so far. */
  readonly deliveries: number;
}

interface Joined {
  readonly session: Session;
  readonly queue: DeliveryQueue;
  readonly outlet: Outlet;
}

const LOOK_AT_SLOW_MS = 1_000;
export const SLOW = { code: 4408, reason: 'too slow' } as const;

export function createHub({ rings, positions, presentState, clock, timers, limits: given }: HubOptions): Hub {
  const limits = { ...hubLimits, ...given };
  const nowMs = (): number => clock.monotonicMs();
  const join = createJoin();
  const joined = new Set<Joined>();
  const byOrder = new Map<string, Set<Session>>();
  const byOwner = new Map<string, Set<Session>>();
  const everything = new Set<Session>();
  const dirty = new Set<Joined>();
  const slow = new Set<Joined>();
  let nextFlush: Disposable | undefined;
  let nextLook: Disposable | undefined;
  let flushedMs = -Infinity;
  let deliveries = 0;
  let subscriptions = 0;

  const routesOf = (target: Target, session: Session): readonly [Map<string, Set<Session>>, string] | undefined => {
    if ('orderId' in target) return [byOrder, target.orderId];
    return target.scope === 'mine' ? [byOwner, session.member.userId] : undefined;
  };
  const watch = (target: Target, session: Session): void => {
    subscriptions += 1;
    const [routes, key] = routesOf(target, session) ?? [];
    if (routes === undefined || key === undefined) return void everything.add(session);
    const sessions = routes.get(key);
    if (sessions === undefined) routes.set(key, new Set([session]));
    else sessions.add(session);
  };
  const unwatch = (target: Target, session: Session): void => {
    subscriptions -= 1;
    const [routes, key] = routesOf(target, session) ?? [];
    if (routes === undefined || key === undefined) return void everything.delete(session);
    const sessions = routes.get(key);
    sessions?.delete(session);
    if (sessions?.size === 0) routes.delete(key);
  };

  const flush = (one: Joined): void => {
    switch (one.queue.flush()) {
      case 'done':
        slow.delete(one);
        return;
      case 'more':
        // What the system takes at once makes no drain event.
        slow.delete(one);
        return touch(one);
      case 'slow':
        slow.add(one);
        nextLook ??= timers.after(LOOK_AT_SLOW_MS, lookAtSlow);
        return;
      case 'too slow':
        leave(one);
        one.outlet.close(SLOW.code, SLOW.reason);
    }
  };
  const flushAll = (): void => {
    nextFlush = undefined;
    flushedMs = nowMs();
    const all = [...dirty];
    dirty.clear();
    all.forEach(flush);
  };
  const lookAtSlow = (): void => {
    nextLook = undefined;
    [...slow].forEach(flush);
    if (slow.size > 0) nextLook ??= timers.after(LOOK_AT_SLOW_MS, lookAtSlow);
  };
  const touch = (one: Joined): void => {
    if (!joined.has(one)) return;
    dirty.add(one);
    nextFlush ??= timers.after(Math.max(0, flushedMs + limits.flushMs - nowMs()), flushAll);
  };
  const leave = (one: Joined): void => {
    one.session.end();
    joined.delete(one);
    dirty.delete(one);
    slow.delete(one);
  };

  return {
    join(member, outlet) {
      const queue = createDeliveryQueue(outlet, { ...limits, nowMs, join });
      const session: Session = createSession(member, {
        rings,
        positions,
        presentState,
        queue,
        timers,
        unheardMs: limits.unheardMs,
        onPush: () => touch(one),
        onWatch: (target) => watch(target, session),
        onUnwatch: (target) => unwatch(target, session),
      });
      const one: Joined = { session, queue, outlet };
      joined.add(one);
      return {
        session,
        flush: () => {
          if (joined.has(one)) flush(one);
        },
        leave: () => leave(one),
      };
    },
    deliver(entry) {
      let item: Item | undefined;
      const shared = (): Item =>
        (item ??= { frame: frameWith(entry.open, positions.encode(rings.head())), key: entry.key });
      const offer = (session: Session): void => {
        if (session.offer(entry, shared)) deliveries += 1;
      };
      everything.forEach(offer);
      void failpoint('feed-in-fan-out');
      byOwner.get(entry.owner)?.forEach(offer);
      if (entry.orderId !== undefined) byOrder.get(entry.orderId)?.forEach(offer);
    },
    get size() {
      return joined.size;
    },
    get subscriptions() {
      return subscriptions;
    },
    get deliveries() {
      return deliveries;
    },
    [Symbol.dispose]() {
      nextFlush?.[Symbol.dispose]();
      nextLook?.[Symbol.dispose]();
      [...joined].forEach(leave);
    },
  };
}
