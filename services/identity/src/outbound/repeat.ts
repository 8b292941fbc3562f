import type { Log, Timers } from '@g-store/runtime';

export interface Repeating {
  readonly everyMs: number;
  readonly timers: Timers;
  readonly log: Log;
  /** Named in the log when it fails. */
  readonly what: string;
  /** Asked after each turn; without it the turns go on until the end. */
  readonly until?: () => boolean;
}

/** Does a job again and again after a pause; one that fails is logged and has its next turn. Disposing waits for the job in hand. */
export function repeat({ everyMs, timers, log, what, until }: Repeating, job: () => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const turns = async (): Promise<void> => {
    do {
      await timers.sleep(everyMs, stop.signal).catch(() => undefined);
      if (stop.signal.aborted) return;
      await job().catch((error: unknown) => log.warn({ err: error }, `${what}: failed, will try again`));
    } while (until?.() !== true);
  };
  const done = turns();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error('stopped'));
      await done;
    },
  };
}
