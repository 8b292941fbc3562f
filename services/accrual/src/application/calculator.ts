import type { Cause } from '@g-store/messaging';
import type { Log, Timers } from '@g-store/runtime';
import { beginCalculation, decideReward } from './orders.js';
import type { Reader, Undecided } from './reader.js';
import type { Announcement, Announcements, Work } from './work.js';

export interface CalculatorOptions {
  readonly reader: Pick<Reader, 'rules' | 'undecided'>;
  readonly announcements: Announcements;
  readonly transact: (
    cause: Cause | null,
    announced: readonly Announcement[],
    run: (work: Work) => Promise<void>,
  ) => Promise<void>;
  readonly timers: Timers;
  readonly log: Log;
}

export interface Calculator extends AsyncDisposable {
  /** There is something to do now, and no need to wait for the next look. */
  wake(): void;
}

const AT_ONCE = 500;
const LOOK_EVERY_MS = 200;
const AFTER_A_FAULT_MS = 1_000;

/**
 * Works out the rewards of registered orders, apart from the requests that registered them. Several may run side by side:
 * each order is decided under its lock, once; what one of them leaves behind when it dies the next look finds.
 */
export function startCalculator({ reader, announcements, transact, timers, log }: CalculatorOptions): Calculator {
  const stop = new AbortController();
  let rest = new AbortController();
  let more = false;

  const eachOf = async (orders: readonly Undecided[], run: (work: Work, number: string) => Promise<void>) => {
    const done = await Promise.allSettled(
      orders.map(({ number, cause }) => transact(cause, [announcements.order(number)], (work) => run(work, number))),
    );
    for (const [i, outcome] of done.entries())
      if (outcome.status === 'rejected')
        log.error({ err: outcome.reason, number: orders[i]?.number }, 'a reward could not be worked out');
    return done.every(({ status }) => status === 'fulfilled');
  };

  /** How long to rest afterwards. Rules are read after the orders, so that every rule older than an order is seen. */
  const look = async (): Promise<number> => {
    const orders = await reader.undecided(AT_ONCE);
    if (orders.length === 0) return LOOK_EVERY_MS;
    const begun = await eachOf(orders, beginCalculation);
    const rules = await reader.rules();
    const decided = await eachOf(orders, (work, number) => decideReward(work, number, rules));
    if (!begun || !decided) return AFTER_A_FAULT_MS;
    return orders.length === AT_ONCE ? 0 : LOOK_EVERY_MS;
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      more = false;
      const restMs = await look().catch((error: unknown) => {
        log.warn({ err: error }, 'rewards wait for the database');
        return AFTER_A_FAULT_MS;
      });
      if (more || restMs === 0) continue;
      rest = new AbortController();
      await timers.sleep(restMs, AbortSignal.any([rest.signal, stop.signal])).catch(() => undefined);
    }
  };
  const running = run();

  return {
    wake() {
      more = true;
      rest.abort();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
