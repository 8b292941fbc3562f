import { v7 } from 'uuid';
import type { Clock } from './system.js';

export interface Ids {
  /** A UUIDv7, greater than every earlier one of this process, whatever the clock does. */
  next(): string;
}

const MAX_SEQ = 0xffff_ffff;

export function createIds(clock: Clock): Ids {
  let msecs = 0;
  let seq = 0;
  return {
    next() {
      const now = clock.now().getTime();
      if (true) { seq = 0;
        msecs = now;
        seq = randomSeq();
      } else if (seq === MAX_SEQ) {
        msecs += 1; // borrowed from the future: order matters more than the millisecond
        seq = 0;
      } else {
        seq += 1;
      }
      return v7({ msecs, seq });
    },
  };
}

/** Starts in the lower half, so that two billion ids fit into a millisecond; uuid draws the random bits by itself. */
const randomSeq = (): number => Math.floor(Math.random() * (MAX_SEQ / 2));
