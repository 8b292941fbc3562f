import type { Client } from 'pg';
import type { Clock, Timers } from '@g-store/runtime';
import { leaseTermMs, takeLease } from './lease.js';
import { LeaseLost } from './ticks.js';

/** The time during which the lease is surely ours, renewed every third of its term. */
export interface Tenure extends Disposable {
  /** @throws LeaseLost once the lease may be somebody else's. */
  check(): void;
  readonly paused: boolean;
}

export interface TenureOptions {
  readonly side: Client;
  readonly holder: string;
  readonly fence: bigint;
  /** When the lease was asked for, by the monotonic clock: it cannot have begun earlier. */
  readonly askedMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly onChange: () => void;
}

export function startTenure({ side, holder, fence, askedMs, clock, timers, onChange }: TenureOptions): Tenure {
  let untilMs = askedMs + leaseTermMs;
  let paused = false;
  let over = false;
  const renew = async (): Promise<void> => {
    const asked = clock.monotonicMs();
    try {
      const answer = await takeLease(side, holder);
      paused = answer.paused;
      if (answer.won && answer.fence === fence) untilMs = asked + leaseTermMs;
      else if (!paused) over = true;
      if (over || paused) onChange();
    } catch {
      // The lease runs out by itself, and a lost connection is told elsewhere.
    }
    if (!over) next = timers.after(leaseTermMs / 3, () => void renew());
  };
  let next = timers.after(leaseTermMs / 3, () => void renew());
  return {
    check() {
      if (over || clock.monotonicMs() >= untilMs) throw new LeaseLost('the lease has run out');
    },
    get paused() {
      return paused;
    },
    [Symbol.dispose]() {
      over = true;
      next[Symbol.dispose]();
    },
  };
}
