import type { Clock, Timers } from '@g-store/runtime';

/** Spreads questions over the minute, once it is known how many are allowed. */
export interface Pace {
  allow(perMinute: number): void;
  /** Resolves when it is the caller's turn, or at once when the signal is aborted. */
  turn(signal: AbortSignal): Promise<void>;
  /** How many turns there are in so much time. */
  turnsIn(ms: number): number;
}

/** A little less than what is allowed: the other side's clock counts, not ours. */
const SHARE = 0.95;
const LONGEST_MS = 30_000;

export function createPace({ clock, timers }: { readonly clock: Clock; readonly timers: Timers }): Pace {
  let intervalMs = 0;
  let nextMs = 0;
  return {
    allow: (perMinute) => void (intervalMs = Math.min(60_000 / (perMinute * SHARE), LONGEST_MS)),
    turnsIn: (ms) => (intervalMs === 0 ? Infinity : Math.floor(ms / intervalMs)),
    async turn(signal) {
      if (intervalMs === 0) return;
      const nowMs = clock.monotonicMs();
      const mineMs = Math.max(nowMs, nextMs);
      nextMs = mineMs + intervalMs;
      if (mineMs > nowMs) await timers.sleep(mineMs - nowMs, signal).catch(() => undefined);
    },
  };
}
