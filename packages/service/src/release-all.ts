import type { Parking } from '@g-store/messaging';
import type { Foundation } from './foundation.js';

export interface ReleaseAll {
  readonly topic?: string;
  readonly key?: string;
  /** Keys a second. */
  readonly rate: number;
}

const MOST_KEYS = 100_000;

/** Begins to release every key that waits, the longest waiting first, and answers how many there are. */
export async function releaseAll<W>(
  { timers, log }: Foundation<W>,
  parking: Parking,
  { rate, ...filter }: ReleaseAll,
  actor: string,
): Promise<number> {
  const keys = await parking.waitingKeys({ ...filter, limit: MOST_KEYS });
  const run = async (): Promise<void> => {
    for (const of of keys) {
      const [outcome] = await Promise.all([parking.release(of, actor), timers.sleep(1_000 / rate)]);
      if (outcome.stopped) log.warn({ ...of, ...outcome.stopped }, 'a parked message failed again');
    }
    log.info({ keys: keys.length, actor }, 'everything parked was released');
  };
  run().catch((error: unknown) => log.error({ err: error }, 'releasing stopped'));
  return keys.length;
}
