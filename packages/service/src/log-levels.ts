import type { AuditTrail } from '@g-store/messaging';
import type { Clock, ServiceLog, Timers } from '@g-store/runtime';
import { startLooking } from './looking.js';

export const LOG_LEVELS_ACT = 'log-levels';

export interface LogLevelsOptions {
  readonly trail: Pick<AuditTrail, 'newest'>;
  readonly log: ServiceLog;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** By how much the clocks of two processes may disagree. */
const MARGIN_MS = 60_000;

/** Sets the levels that an operator set in whichever process; what was set before this one began is not for it. */
export function followLogLevels({ trail, log, clock, timers }: LogLevelsOptions): Disposable {
  const began = clock.now();
  let lookedAt = began;
  let seen: string | undefined;
  return startLooking({
    async look() {
      const now = clock.now();
      // Behind an index, and never further back than the looks between which an act may have been missed.
      const act = await trail.newest(LOG_LEVELS_ACT, new Date(lookedAt.getTime() - MARGIN_MS));
      lookedAt = now;
      return act;
    },
    see(act) {
      if (act === undefined || act.id === seen || act.at < began) return;
      seen = act.id;
      log.setLevels(act.detail);
    },
    failed: (error) => log.debug({ err: error }, 'the levels of the log could not be asked for'),
    timers,
  });
}
