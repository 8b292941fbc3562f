import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from './system.js';

export interface Ids {
  /** A UUIDv7, greater than every earlier one of this process, whatever the clock does. */
  next(): string;
}

const ID_BYTES = 16;
const POOL_BYTES = 256 * ID_BYTES;

/** The time comes from the clock, what is random from the system; the counter between them has 32 bits. */
export function createIds(clock: Clock): Ids {
  // Asking the system for each id on its own would cost more than all the rest of a command.
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let msecs = 0;
  let seq = 0;
  return {
    next() {
      if (used === POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const random = pool.subarray(used, (used += ID_BYTES));
      const now = clock.now().getTime();
      seq = now > msecs ? 0 : seq + 1;
      msecs = Math.max(now, msecs);
      return v7({ msecs, seq, random });
    },
  };
}
