import type { Log, Timers } from '@g-store/runtime';
import { repeat } from './repeat.js';

/** What no waiting will mend: the process must not run like this. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

const retryMs = 1_000;

/**
 * Does a step of the start, now if possible, else in the background until it is done: the database may come later.
 * @throws StartRefused from the first attempt
 */
export async function untilDone(
  options: { readonly timers: Timers; readonly log: Log; readonly what: string },
  step: () => Promise<void>,
): Promise<AsyncDisposable> {
  const { log, what } = options;
  try {
    await step();
    return { [Symbol.asyncDispose]: async () => undefined };
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    log.warn({ err: error }, `${what}: not there yet, will try again`);
  }
  let done = false;
  return repeat({ ...options, everyMs: retryMs, until: () => done }, async () => {
    await step();
    done = true;
  });
}
