import { failpoint, type Timers } from '@g-store/runtime';
import type { DeliveryQueue, Item } from './delivery-queue.js';
import { frameWith, frameWithout } from './frames.js';
import { replyMessage, type Entry } from './news.js';
import type { Positions } from './positions.js';
import type { Found, PresentState } from './present-state.js';
import type { Rings } from './rings.js';
import { covers, highest, lowest, type Vector } from './vector.js';

/** Whom a socket belongs to. */
export interface Member {
  readonly userId: string;
  /** Sees everybody's orders. */
  readonly staff: boolean;
}

/** What can be watched: one order, all of one's own, everybody's. */
export type Target = { readonly orderId: string } | { readonly scope: 'mine' | 'all' };

export type FeedErrorCode = 'order_not_found' | 'unavailable' | 'forbidden' | 'unauthenticated' | 'validation_failed';

export interface SessionParts {
  readonly rings: Rings;
  readonly positions: Positions;
  readonly presentState: PresentState;
  readonly queue: DeliveryQueue;
  readonly timers: Timers;
  /** How long an order may stay unheard of before its subscriber is told so. */
  readonly unheardMs: number;
  /** Something waits in the queue. */
  readonly onPush: () => void;
  /** The routes that lead to this session, kept by whoever delivers. */
  readonly onWatch: (target: Target) => void;
  readonly onUnwatch: (target: Target) => void;
}

export interface Session {
  readonly member: Member;
  readonly subscriptions: number;
  watches(target: Target): boolean;
  /** Answers whether what was missed since then is told. */
  subscribe(target: Target, after?: string): boolean;
  unsubscribe(target: Target): void;
  /** An answer that has no position. */
  say(type: string, data?: object): void;
  refuse(code: FeedErrorCode, message: string, orderId?: string): void;
  /** Another token of the same user. */
  become(member: Member): void;
  /** `shared`: what everybody gets who has come as far as this instance. */
  offer(entry: Entry, shared: () => Item): boolean;
  end(): void;
}

interface Subscription {
  readonly target: Target;
  /** False while the present state is being read. */
  live: boolean;
  /** What it had when it came from an instance that was ahead of this one. */
  after: Vector | undefined;
  /** Waits for an order nobody has heard of. */
  unheard?: Disposable;
}

export const nameOf = (target: Target): string => ('orderId' in target ? target.orderId : target.scope);

/** What one socket watches, and what it is sent. Everything that it gets carries the position from which it can go on elsewhere. */
export function createSession(first: Member, parts: SessionParts): Session {
  const { rings, positions, queue, timers } = parts;
  const subscriptions = new Map<string, Subscription>();
  let member = first;
  let ended = false;
  let lastSeq = 0;
  /** Subscriptions that have an `after`. */
  let ahead = 0;

  const send = (item: Item): void => {
    queue.push(item);
    parts.onPush();
  };
  const push = (frame: Buffer): void => send({ frame });
  const may = (owner: string): boolean => member.staff || owner === member.userId;

  const caughtUp = (head: Vector): void => {
    for (const subscription of subscriptions.values()) {
      if (subscription.after === undefined || !covers(head, subscription.after)) continue;
      subscription.after = undefined;
      ahead -= 1;
    }
  };
  /** How far this socket has been served: not further than the least of its subscriptions. */
  const served = (head: Vector): Vector => {
    if (ahead > 0) caughtUp(head);
    if (ahead === 0 || ahead < subscriptions.size) return head;
    return [...subscriptions.values()].map(({ after = head }) => highest(head, after)).reduce(lowest);
  };

  const drop = (target: Target): void => {
    const subscription = subscriptions.get(nameOf(target));
    if (subscription === undefined) return;
    subscription.unheard?.[Symbol.dispose]();
    if (subscription.after !== undefined) ahead -= 1;
    subscriptions.delete(nameOf(target));
    parts.onUnwatch(target);
  };
  const add = (target: Target, live: boolean, after?: Vector): Subscription => {
    drop(target);
    const subscription: Subscription = { target, live, after: undefined };
    subscriptions.set(nameOf(target), subscription);
    setAfter(subscription, after);
    parts.onWatch(target);
    return subscription;
  };
  const setAfter = (subscription: Subscription, after: Vector | undefined): void => {
    if (after === undefined || covers(rings.head(), after)) return;
    subscription.after = after;
    ahead += 1;
  };

  const missed = (target: Target, after: Vector): readonly Entry[] => {
    if ('orderId' in target) {
      const slot = parts.presentState.slotOf(target.orderId);
      const entries = rings.sinceOfKey(slot, after[slot] ?? 0, target.orderId);
      return entries.filter(({ orderId, owner }) => orderId === target.orderId && may(owner));
    }
    return target.scope === 'all' ? rings.since(after) : rings.sinceOfOwner(after, member.userId);
  };
  const resume = (target: Target, after: Vector): void => {
    drop(target);
    const others = subscriptions.size === 0 ? undefined : served(rings.head());
    const notPast = (vector: Vector): Vector => (others === undefined ? vector : lowest(vector, others));
    const data = { ...target, recovered: true };
    queue.push({ frame: frameWith(replyMessage('subscribed', data), positions.encode(notPast(after))) });
    queue.pushLater(
      missed(target, after).map(
        ({ open, seq }) =>
          () =>
            frameWith(open, positions.encode(notPast(rings.vectorAt(seq, after)))),
      ),
    );
    add(target, true, after);
    void failpoint('feed-on-resume');
    parts.onPush();
  };

  const begin = (target: Target): void => {
    drop(target);
    push(
      frameWith(replyMessage('subscribed', { ...target, recovered: false }), positions.encode(served(rings.head()))),
    );
    const subscription = add(target, !('orderId' in target));
    if ('orderId' in target) void readState(target.orderId, subscription);
  };
  const readState = async (orderId: string, subscription: Subscription): Promise<void> => {
    const held = queue.hold();
    subscription.unheard = timers.after(parts.unheardMs, () =>
      refuse('order_not_found', 'there is no such order, or it is not yours', orderId),
    );
    const found = await parts.presentState.find(orderId);
    if (subscriptions.get(orderId) === subscription) tellState(orderId, subscription, found);
    held[Symbol.dispose]();
    parts.onPush();
  };
  const tellState = (orderId: string, subscription: Subscription, found: Found | undefined): void => {
    if (found === undefined) {
      drop(subscription.target);
      return refuse('unavailable', 'the state of the order cannot be told now; ask again', orderId);
    }
    subscription.live = true;
    setAfter(subscription, found.after);
    if (found.latest === undefined || !may(found.latest.owner)) return;
    subscription.unheard?.[Symbol.dispose]();
    push(frameWith(found.latest.open, positions.encode(served(rings.head()))));
  };

  const refuse = (code: FeedErrorCode, message: string, orderId?: string): void =>
    push(frameWithout(replyMessage('error', { code, message, ...(orderId !== undefined && { orderId }) })));

  const wants = ({ owner, orderId, slot, offset }: Entry): boolean => {
    if (!may(owner)) return false;
    let wanted = false;
    const consider = (subscription: Subscription | undefined): void => {
      if (!subscription?.live || offset < (subscription.after?.[slot] ?? 0)) return;
      subscription.unheard?.[Symbol.dispose]();
      wanted = true;
    };
    if (orderId !== undefined) consider(subscriptions.get(orderId));
    if (owner === member.userId) consider(subscriptions.get('mine'));
    if (member.staff) consider(subscriptions.get('all'));
    return wanted;
  };

  return {
    get member() {
      return member;
    },
    get subscriptions() {
      return subscriptions.size;
    },
    watches: (target) => subscriptions.has(nameOf(target)),
    subscribe(target, position) {
      const after = position === undefined ? undefined : positions.decode(position);
      const recovered = after !== undefined && rings.reaches(after);
      if (recovered) resume(target, after);
      else begin(target);
      return recovered;
    },
    unsubscribe(target) {
      drop(target);
      push(frameWithout(replyMessage('unsubscribed', target)));
    },
    say: (type, data) => push(frameWithout(replyMessage(type, data))),
    refuse,
    become(next) {
      member = next;
      if (!next.staff) drop({ scope: 'all' });
    },
    offer(entry, shared) {
      if (ended || entry.seq === lastSeq || !wants(entry)) return false;
      lastSeq = entry.seq;
      const head = ahead === 0 ? undefined : rings.head();
      const own = head && served(head);
      send(
        own === head || own === undefined
          ? shared()
          : { frame: frameWith(entry.open, positions.encode(own)), key: entry.key },
      );
      return true;
    },
    end() {
      ended = true;
      for (const { target } of [...subscriptions.values()]) drop(target);
    },
  };
}
