import type { Timers } from '@g-store/runtime';

/** A sleep that a ring ends early; a ring while nobody sleeps is kept for the next sleep. */
export interface Alarm {
  ring(): void;
  sleep(ms: number): Promise<void>;
}

export function createAlarm(timers: Timers): Alarm {
  let rung = false;
  let awake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      awake?.();
    },
    sleep(ms) {
      return new Promise((resolve) => {
        const done = (): void => {
          timer[Symbol.dispose]();
          awake = undefined;
          rung = false;
          resolve();
        };
        const timer = timers.after(ms, done);
        awake = done;
        if (rung) done();
      });
    },
  };
}

/**
 * How long to wait before looking again: 10 ms, then ever longer, up to a second. Whoever commits rings or notifies, so
 * that a look finds something only where that was lost; looking more often would cost more than all the rest of an order.
 */
export const pollAfterMs = (looksInVain: number): number => Math.min(idlePollMs, 5 * 2 ** looksInVain);

export const idlePollMs = 1_000;
