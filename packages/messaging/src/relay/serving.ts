import type { Clock, Log, Randomness, Timers } from '@g-store/runtime';
import type { Alarm } from './alarm.js';
import { backOffMs } from './appending.js';
import type { Appending } from './appending.js';
import { lead } from './leading.js';
import { leaseTermMs, leaveLease, takeLease } from './lease.js';
import type { RelayMeters } from './meters.js';
import { openSession } from './session.js';
import type { Session } from './session.js';
import { startTenure } from './tenure.js';
import { LeaseLost } from './ticks.js';
import type { TopicWatch } from './topic-watch.js';

export interface Serving {
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  readonly holder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly alarm: Alarm;
  readonly topics: TopicWatch;
  readonly appending: Appending;
  readonly meters: RelayMeters;
  readonly failpoint: (name: string) => Promise<void> | undefined;
  readonly onPublished: (newest: bigint) => void;
  /** Ends it in good order: the tick under way is finished. */
  readonly signal: AbortSignal;
}

/** What the rest of the relay may know of it. */
export interface Standing {
  session: Session | undefined;
  leader: boolean;
  paused: boolean;
  fence: bigint;
}

/** Holds a session, follows or leads with it, and begins again when it is lost, until the signal. */
export async function serve(using: Serving, standing: Standing): Promise<void> {
  const { clock, timers, randomness, log, alarm, signal } = using;
  const ring = (): void => alarm.ring();
  for (let failed = 0; !signal.aborted; failed += 1) {
    const openedMs = clock.monotonicMs();
    try {
      await using session = await openSession({ ...using, onWake: ring, onLost: ring });
      standing.session = session;
      await followOrLead(using, standing, session);
    } catch (error) {
      log.warn({ err: error }, 'the relay begins again');
    } finally {
      standing.session = undefined;
    }
    if (clock.monotonicMs() - openedMs > healthyMs) failed = 0;
    await rest(timers, Math.min(1_000, backOffMs(failed, randomness)), signal);
  }
}

const healthyMs = 10_000;

async function followOrLead(using: Serving, standing: Standing, session: Session): Promise<void> {
  const { clock, timers, holder, log, topics, signal } = using;
  while (!signal.aborted && session.alive()) {
    if ((await topics.look(signal)) !== undefined) {
      await rest(timers, 2_000, signal);
      continue;
    }
    const askedMs = clock.monotonicMs();
    const answer = await takeLease(session.side, holder);
    standing.paused = answer.paused;
    if (!answer.won) {
      await rest(timers, answer.paused ? 500 : Math.min(Math.max(answer.freeInMs + 5, 50), leaseTermMs), signal);
      continue;
    }
    if (answer.fence !== standing.fence) using.meters.fenceChanges.inc();
    standing.fence = answer.fence;
    try {
      await leadWith(using, standing, session, askedMs);
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
      log.info({ fence: String(answer.fence), reason: error.message }, 'publishes the outbox no more');
    }
  }
}

async function leadWith(using: Serving, standing: Standing, session: Session, askedMs: number): Promise<void> {
  const { main, side } = session;
  const { fence } = standing;
  const onChange = (): void => using.alarm.ring();
  using tenure = startTenure({ ...using, side, fence, askedMs, onChange });
  const goesOn = (): boolean =>
    !using.signal.aborted && !tenure.paused && using.topics.fault() === undefined && session.alive();
  standing.leader = true;
  using.meters.leader.set(1);
  using.log.info({ fence: String(fence) }, 'publishes the outbox');
  try {
    await lead({ ...using, main, fence, goesOn, mayGoOn: () => tenure.check() });
  } finally {
    standing.leader = false;
    using.meters.leader.set(0);
  }
  await leaveLease(side, using.holder);
}

const rest = (timers: Timers, ms: number, signal: AbortSignal): Promise<void> =>
  timers.sleep(ms, signal).catch(() => undefined);
