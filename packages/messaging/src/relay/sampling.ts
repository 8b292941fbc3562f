import type { Timers } from '@g-store/runtime';
import { backlogOf } from './backlog.js';
import type { Backlog } from './backlog.js';
import type { RelayMeters } from './meters.js';
import { rememberSeq } from './origin.js';
import type { Standing } from './serving.js';

export interface Sampling extends Disposable {
  /** Measures now; without a database the last known figures. */
  measure(): Promise<Backlog>;
  published(newest: bigint): void;
}

const everyMs = 10_000;

/** Measures the backlog every ten seconds, whoever leads, and remembers how far the log has come. */
export function startSampling(timers: Timers, standing: Standing, meters: RelayMeters): Sampling {
  let backlog: Backlog = { pending: 0, oldestSeconds: 0 };
  let newestSeq = 0n;
  let rememberedSeq = 0n;

  async function sample(): Promise<void> {
    const side = standing.session?.side;
    if (side === undefined) return;
    backlog = await backlogOf(side);
    meters.rows.set(backlog.pending);
    meters.oldest.set(backlog.oldestSeconds);
    if (!standing.leader || newestSeq <= rememberedSeq) return;
    const seq = newestSeq;
    await rememberSeq(side, seq);
    rememberedSeq = seq;
  }

  const measure = async (): Promise<Backlog> => {
    await sample().catch(() => undefined); // a lost connection is told elsewhere
    return backlog;
  };
  let stopped = false;
  const turn = (): void =>
    void measure().then(() => {
      if (!stopped) next = timers.after(everyMs, turn);
    });
  let next = timers.after(everyMs, turn);
  return {
    measure,
    published(newest) {
      if (newest > newestSeq) newestSeq = newest;
    },
    [Symbol.dispose]() {
      stopped = true;
      next[Symbol.dispose]();
    },
  };
}
