import { v7 } from 'uuid';
import type { Clock } from './system.js';

export interface Ids {
  /** A UUIDv7, greater than every earlier one of this process, whatever the clock does. */
  next(): string;
}

/** The time comes from the clock, what is random from the system; the counter between them has 32 bits. */
export function createIds(clock: Clock): Ids {
  let msecs = 0;
  let seq = 0;
  return {
    next() {
      const now = clock.now().getTime();
      seq = now > msecs ? 0 : seq + 1;
      msecs = Math.max(now, msecs);
      return v7({ msecs, seq });
    },
  };
}
