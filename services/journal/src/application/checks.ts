import type { Clock, Log, Metrics, Timers } from '@g-store/runtime';

export const invariants = [
  'money_conserved',
  'refunds_within_charges',
  'points_equal_fold',
  'events_published',
  'no_order_stuck',
] as const;
export type Invariant = (typeof invariants)[number];

export interface Mismatch {
  readonly orderId: string | null;
  readonly account: string | null;
  readonly detail: string;
}

/** One look at what must hold; the first mismatches, and how many there are. */
export interface Finding {
  readonly name: Invariant;
  readonly looked: bigint;
  readonly mismatches: readonly Mismatch[];
  readonly mismatchCount: number;
}

export interface Checked {
  readonly checkedAt: Date;
  readonly findings: readonly Finding[];
}

export interface ChecksOptions {
  /** Looks at everything; what has been wrong only since `before` may still be under way. */
  readonly look: (before: Date) => Promise<readonly Finding[]>;
  readonly graceMs: number;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Checks extends AsyncDisposable {
  /** Undefined before the first look. */
  last(): Checked | undefined;
}

/** Looks at the invariants at once and then again and again; a look that fails leaves the last one standing, with its time. */
export function startChecks({ look, graceMs, everyMs, clock, timers, log, metrics }: ChecksOptions): Checks {
  const broken = metrics.gauge('invariant_mismatches', 'What breaks an invariant, by its name', ['invariant']);
  let last: Checked | undefined;
  let next: Disposable | undefined;
  let stopped = false;

  const turn = async (): Promise<void> => {
    try {
      const checkedAt = clock.now();
      const findings = await look(new Date(checkedAt.getTime() - graceMs));
      last = { checkedAt, findings };
      for (const { name, mismatchCount } of findings) broken.set({ invariant: name }, mismatchCount);
    } catch (error) {
      if (!stopped) log.warn({ err: error }, 'the invariants could not be looked at');
    }
    if (!stopped) next = timers.after(everyMs, () => void (running = turn()));
  };
  let running = turn();

  return {
    last: () => last,
    async [Symbol.asyncDispose]() {
      stopped = true;
      next?.[Symbol.dispose]();
      await running;
    },
  };
}
