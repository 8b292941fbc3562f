import type { Clock, Ids, Log, Randomness, Timers } from '@g-store/runtime';
import { isTransient, sqlState } from '../database.js';
import { DatabaseDown } from '../work.js';
import { CommitUnknown, CommittedBefore, runAttempt, type AttemptContext, type Plan } from './attempt.js';
import type { Session } from './session.js';
import { AttemptFailed } from './transaction.js';

export interface CommitContext extends AttemptContext {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
}

const MAX_TRIES = 4; // the first and three more
const UNKNOWN_FOR_MS = 15_000;

/**
 * Runs a plan until it has committed, through lost races and lost connections, under one attempt id.
 *
 * The id is what resolves a COMMIT whose answer was lost: inserting it again waits while the old transaction runs, finds
 * it there if that committed, and shuts the old one out for good if not.
 * @throws DatabaseDown after three more tries; whatever else an attempt throws, with everything rolled back
 */
export async function commitPlan<Result>(
  session: Session,
  context: CommitContext,
  plan: Plan<Result>,
): Promise<Result> {
  const { ids, clock, timers, randomness, log } = context;
  const id = ids.next();
  const startedMs = clock.monotonicMs();
  let unknown: CommitUnknown<Result> | undefined;

  for (let tries = 1; ; tries++) {
    try {
      return await runAttempt(await session.client(), id, context, plan, isConnectionLost);
    } catch (thrown) {
      if (thrown instanceof CommittedBefore && unknown !== undefined) return unknown.result;
      if (thrown instanceof CommitUnknown) unknown = thrown;
      const error = causeOf(thrown);
      if (isConnectionLost(error)) await session.drop();
      else if (isOutOfService(error)) throw new DatabaseDown('the database cannot take it now', { cause: error });
      else if (!isLostRace(error)) throw thrown;
      const mayTry = unknown === undefined ? tries < MAX_TRIES : clock.monotonicMs() - startedMs < UNKNOWN_FOR_MS;
      if (!mayTry)
        throw new DatabaseDown(
          unknown === undefined ? 'the database did not take it' : 'the database went away during COMMIT',
          { cause: error },
        );
      log.debug({ err: error, tries }, 'attempt failed, trying again');
      await timers.sleep(backOffMs(tries, randomness));
    }
  }
}

/** Full jitter, doubling from 20 ms, at most a second. */
const backOffMs = (tries: number, randomness: Randomness): number =>
  randomness.next() * Math.min(1_000, 10 * 2 ** tries);

export const causeOf = (error: unknown): unknown =>
  error instanceof AttemptFailed || error instanceof CommitUnknown ? (error.cause ?? error) : error;

/** Serialization failures, deadlocks, and a flush that found less than it had loaded (22012 from its guard). */
const isLostRace = (error: unknown): boolean => ['40001', '40P01', '22012'].includes(sqlState(error) ?? '');

/** Statement and lock timeouts, and a partitioned table whose next child is missing: no fault of what was asked. */
const isOutOfService = (error: unknown): boolean =>
  ['57014', '55P03'].includes(sqlState(error) ?? '') ||
  (sqlState(error) === '23514' && (error as Error).message.startsWith('no partition of relation'));

const isConnectionLost = (error: unknown): boolean => isTransient(error) && !isLostRace(error);
