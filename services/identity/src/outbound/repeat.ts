import type { Log, Timers } from '@g-store/runtime';

export interface Repeating {
  readonly everyMs: number;
  readonly timers: Timers;
  readonly log: Log;
  /** Named in the log when it fails. */
  readonly what: string;
}

/** Does a job again and again with a pause between; a failure is logged and the next turn comes as ever. Disposing waits for the job in hand. */
export function repeat({ everyMs, timers, log, what }: Repeating, job: () => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const turns = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await timers.sleep(everyMs, stop.signal).catch(() => undefined);
      if (stop.signal.aborted) return;
      await job().catch((error: unknown) => log.warn({ err: error }, `${what}: could not be kept up, will try again`));
    }
  };
  const done = turns();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error('stopped'));
      await done;
    },
  };
}
