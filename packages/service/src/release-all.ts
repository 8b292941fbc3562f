import type { Parking } from '@g-store/messaging';
import type { Foundation } from './foundation.js';

export interface ReleaseAll {
  readonly topic?: string;
  readonly key?: string;
  /** Keys a second. */
  readonly rate: number;
}

const MOST_KEYS = 100_000;

/**
 * Begins to release every key that waits, the longest waiting first, and answers how many there are. It ends with the
 * service: what is left then waits for the next time.
 */
export async function releaseAll<W>(
  { timers, log, stopping }: Pick<Foundation<W>, 'timers' | 'log' | 'stopping'>,
  parking: Parking,
  { rate, ...filter }: ReleaseAll,
  actor: string,
): Promise<number> {
  const keys = await parking.waitingKeys({ ...filter, limit: MOST_KEYS });
  let done = 0;
  const run = async (): Promise<void> => {
    for (const of of keys) {
      stopping.throwIfAborted();
      const outcome = await parking.release(of, actor);
      if (outcome.stopped) log.warn({ ...of, ...outcome.stopped }, 'a parked message failed again');
      done += 1;
      if (done < keys.length) await timers.sleep(1_000 / rate, stopping);
    }
  };
  run().then(
    () => log.info({ keys: done, actor }, 'everything parked was released'),
    (error: unknown) => log.warn({ err: error, done, keys: keys.length, actor }, 'releasing stopped before its end'),
  );
  return keys.length;
}
