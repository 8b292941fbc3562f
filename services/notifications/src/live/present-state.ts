import type { Timers } from '@g-store/runtime';
import type { OrderState } from '../domain/order-state.js';
import { orderMessage } from './news.js';
import type { Rings } from './rings.js';
import type { Vector } from './vector.js';

/** Where orders as the projection knows them are read. */
export interface OrderStates {
  /**
   * The order's row and the offset up to which its partition had been applied, both as of one moment. Without an offset
   * nothing of that partition has been applied yet.
   */
  read(orderId: string, partition: number): Promise<{ readonly state?: OrderState; readonly applied?: number }>;
}

export interface Found {
  /** The newest message about the order; undefined when nobody has heard of it. */
  readonly latest: { readonly owner: string; readonly open: string; readonly version: number } | undefined;
  /** Set when the projection was ahead of the feed: what the state holds already comes by again. */
  readonly after?: Vector;
}

export interface PresentState {
  slotOf(orderId: string): number;
  /** Undefined when it cannot be told: the database does not answer, or the projection lags by more than the feed holds. */
  find(orderId: string): Promise<Found | undefined>;
}

export interface PresentStateOptions {
  readonly states: OrderStates;
  readonly rings: Rings;
  readonly timers: Timers;
  /** Partition and slot of an order's events. */
  readonly placeOf: (orderId: string) => { readonly partition: number; readonly slot: number };
  /** The oldest offset that the partition still had when the feed began. */
  readonly originOf: (slot: number) => number;
  /** How long to wait for a projection that lags, in all. */
  readonly patienceMs?: number;
}

const LOOK_AGAIN_MS = 100;

/**
 * The projection's row with everything on top of it that the feed has heard since that row: so the state is whole however
 * far the projection lags, and what the feed delivers from that moment on follows it without a gap.
 */
export function createPresentState(options: PresentStateOptions): PresentState {
  const { states, rings, timers, placeOf, originOf, patienceMs = 2_000 } = options;

  const look = async (orderId: string): Promise<Found | 'lags'> => {
    const { partition, slot } = placeOf(orderId);
    const { state, applied = 0 } = await states.read(orderId, partition);
    // From here to the return nothing is awaited: ring, head and what is delivered next belong to one moment.
    const from = Math.max(applied, originOf(slot));
    if (from < rings.startOf(slot)) return 'lags';
    const row = state && { owner: state.owner, version: state.version, open: orderMessage(state) };
    const heard = rings.sinceOfKey(slot, from, orderId).filter((entry) => entry.orderId === orderId);
    const latest = [...(row ? [row] : []), ...heard].reduce<Found['latest']>(newer, undefined);
    const head = rings.head();
    const isAhead = from > (head[slot] ?? 0);
    return { latest, ...(isAhead && { after: head.map((offset, at) => (at === slot ? from : offset)) }) };
  };

  const lookUntil = async (orderId: string, signal: AbortSignal): Promise<Found | undefined> => {
    for (;;) {
      const found = await look(orderId);
      if (found !== 'lags') return found;
      await timers.sleep(LOOK_AGAIN_MS, signal);
    }
  };

  return {
    slotOf: (orderId) => placeOf(orderId).slot,
    async find(orderId) {
      const giveUp = new AbortController();
      const gaveUp = new Promise<undefined>((resolve) =>
        giveUp.signal.addEventListener('abort', () => resolve(undefined)),
      );
      using _limit = timers.after(patienceMs, () => giveUp.abort(new Error('the projection lags too far')));
      return await Promise.race([lookUntil(orderId, giveUp.signal).catch(() => undefined), gaveUp]);
    },
  };
}

const newer = (a: Found['latest'], b: Found['latest']): Found['latest'] =>
  a === undefined || (b !== undefined && b.version > a.version) ? b : a;
