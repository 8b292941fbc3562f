import { performance } from 'node:perf_hooks';

export interface Clock {
  now(): Date;
  /** Milliseconds since some fixed moment; never steps back, so differences are durations. */
  monotonicMs(): number;
}

export interface Timers {
  /** Runs once, `ms` from now, unless disposed of before. A waiting timer keeps the process alive. */
  after(ms: number, run: () => void): Disposable;
  /** Resolves after `ms`; an abort of the signal rejects at once with its reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Randomness {
  /** A number in [0, 1). */
  next(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

export const systemRandomness: Randomness = { next: Math.random };

const after: Timers['after'] = (ms, run) => {
  const timer = setTimeout(run, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
};

export const systemTimers: Timers = { after, sleep: sleepBy(after) };

/** A sleep made of a one-shot timer, so that real and virtual time abort alike. */
export function sleepBy(after: Timers['after']): Timers['sleep'] {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        timer[Symbol.dispose]();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
}
