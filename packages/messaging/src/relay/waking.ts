import type { Client } from 'pg';
import type { Timers } from '@g-store/runtime';
import { wakeChannel } from './session.js';

const restMs = 5;

/**
 * Tells the instance that holds the lease, at most 200 times a second. Always from a connection of its own: a NOTIFY in
 * a transaction that writes would make every COMMIT of the database wait for it.
 */
export function createWaker(timers: Timers, side: () => Client | undefined): () => void {
  let resting = false;
  let asked = false;
  const send = (): void => {
    asked = false;
    resting = true;
    side()
      ?.query(`NOTIFY ${wakeChannel}`)
      .catch(() => undefined); // the leader looks by itself before long
    timers.after(restMs, () => {
      resting = false;
      if (asked) send();
    });
  };
  return () => {
    if (resting) asked = true;
    else send();
  };
}
