import type { Client } from 'pg';
import type { Clock, Health, Ids, Log, Metrics, Randomness, Timers } from '@g-store/runtime';
import { failpoint as runtimeFailpoint } from '@g-store/runtime';
import type { Broker } from '../broker.js';
import { outboxChildRows } from '../outbox/schema.js';
import type { OutboxKeeping } from '../outbox/children.js';
import { messagingUpkeep, outboxUpkeep, startUpkeep } from '../outbox/upkeep.js';
import type { UpkeepTask } from '../outbox/upkeep.js';
import { createAlarm } from './alarm.js';
import { backOffMs } from './appending.js';
import type { Appending, RelayTopic } from './appending.js';
import { backlogOf } from './backlog.js';
import type { Backlog } from './backlog.js';
import { lead } from './leading.js';
import { leaseTermMs, leaveLease, setPaused, takeLease } from './lease.js';
import { rememberSeq } from './origin.js';
import { openSession } from './session.js';
import type { Session } from './session.js';
import { startTenure } from './tenure.js';
import { LeaseLost } from './ticks.js';
import { createTopicWatch } from './topic-watch.js';
import { createWaker } from './waking.js';

export interface RelayOptions {
  readonly databaseUrl: string;
  /** For upkeep, and for the moment of stillness after a restore. */
  readonly ownerUrl: string;
  readonly broker: Broker;
  /** The topics that this service tells. */
  readonly topics: readonly RelayTopic[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health?: Pick<Health, 'report'>;
  readonly outbox?: OutboxKeeping;
  /** What else is kept in order with the owner's connection, besides messaging's own tables. */
  readonly upkeep?: readonly UpkeepTask[];
  readonly upkeepEveryMs?: number;
  /** Who holds the lease; another one for each process. */
  readonly holder?: string;
  readonly failpoint?: (name: string) => Promise<void> | undefined;
}

export interface RelayStatus extends Backlog {
  readonly leader: boolean;
  readonly paused: boolean;
  /** False: there is no database, and the other figures are the last known. */
  readonly connected: boolean;
  readonly fence: bigint;
}

export interface Relay extends AsyncDisposable {
  /** Something was committed. Costs next to nothing; call it after every commit. */
  wake(): void;
  /** Stops publishing, in every process of the service, until `resume`; survives restarts. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  status(): Promise<RelayStatus>;
}

/**
 * Publishes what is committed to the outbox, in the order of each key, at least once. Returns at once and goes on
 * whatever happens: without a database or a broker it waits for them. Of several instances one publishes; another takes
 * over within two seconds.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { clock, timers, randomness, log, metrics, health } = options;
  const holder = options.holder ?? options.ids.next();
  const soft = new AbortController();
  const hard = new AbortController();
  const alarm = createAlarm(timers);
  const gauges = relayMetrics(metrics);
  const topics = createTopicWatch({
    broker: options.broker,
    topics: options.topics,
    clock,
    log,
    ...(health && { health }),
  });
  const appending: Appending = {
    broker: options.broker,
    topicById: new Map(options.topics.map((topic) => [topic.id, topic])),
    timers,
    randomness,
    log,
    published: gauges.published,
    failures: gauges.failures,
    signal: hard.signal,
  };
  let session: Session | undefined;
  let leader = false;
  let paused = false;
  let fence = 0n;
  let newestSeq = 0n;
  let backlog: Backlog = { pending: 0, oldestSeconds: 0 };

  let roomEnd: bigint | undefined;
  const upkeep = startUpkeep({
    ownerUrl: options.ownerUrl,
    tasks: [
      ...outboxUpkeep(options.outbox ?? {}, { ...(health && { health }), onRoom: (end) => void (roomEnd = end) }),
      ...messagingUpkeep,
      ...(options.upkeep ?? []),
    ],
    timers,
    log,
    ...(options.upkeepEveryMs !== undefined && { everyMs: options.upkeepEveryMs }),
  });

  const rest = (ms: number): Promise<void> => timers.sleep(ms, soft.signal).catch(() => undefined);

  const onPublished = (newest: bigint): void => {
    if (newest > newestSeq) newestSeq = newest;
    // Faster than a child a minute: do not wait for the turn. Once for each end, so that a failure is not hammered.
    if (roomEnd === undefined || newest + 2n * (options.outbox?.childRows ?? outboxChildRows) <= roomEnd) return;
    roomEnd = undefined;
    upkeep.wake();
  };

  async function leadWith({ main, side, alive }: Session, askedMs: number): Promise<void> {
    using tenure = startTenure({ side, holder, fence, askedMs, clock, timers, onChange: () => alarm.ring() });
    const goesOn = (): boolean => !soft.signal.aborted && !tenure.paused && topics.fault() === undefined && alive();
    leader = true;
    gauges.leader.set(1);
    log.info({ fence }, 'publishes the outbox');
    try {
      await lead({
        main,
        ownerUrl: options.ownerUrl,
        fence,
        alarm,
        appending,
        failpoint: options.failpoint ?? runtimeFailpoint,
        mayGoOn: () => tenure.check(),
        goesOn,
        onPublished,
      });
    } finally {
      leader = false;
      gauges.leader.set(0);
    }
    await leaveLease(side, holder);
  }

  async function serve(current: Session): Promise<void> {
    while (!soft.signal.aborted && current.alive()) {
      if ((await topics.look()) !== undefined) {
        await rest(2_000);
        continue;
      }
      const askedMs = clock.monotonicMs();
      const answer = await takeLease(current.side, holder);
      paused = answer.paused;
      if (!answer.won) {
        await rest(paused ? 500 : Math.min(Math.max(answer.freeInMs + 5, 50), leaseTermMs));
        continue;
      }
      if (answer.fence !== fence) gauges.fenceChanges.inc();
      fence = answer.fence;
      try {
        await leadWith(current, askedMs);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        log.info({ fence, reason: error.message }, 'publishes the outbox no more');
      }
    }
  }

  async function run(): Promise<void> {
    for (let failed = 0; !soft.signal.aborted; failed += 1) {
      const openedMs = clock.monotonicMs();
      try {
        await using opened = await openSession({
          databaseUrl: options.databaseUrl,
          log,
          onWake: () => alarm.ring(),
          onLost: () => alarm.ring(),
        });
        session = opened;
        await serve(opened);
      } catch (error) {
        if (!hard.signal.aborted) log.warn({ err: error }, 'the relay begins again');
      } finally {
        session = undefined;
      }
      if (clock.monotonicMs() - openedMs > 10_000) failed = 0;
      await rest(backOffMs(failed, randomness));
    }
  }

  async function sample(): Promise<void> {
    const side = session?.side;
    if (side === undefined) return;
    backlog = await backlogOf(side);
    gauges.rows.set(backlog.pending);
    gauges.oldest.set(backlog.oldestSeconds);
    if (leader && newestSeq > 0n) await rememberSeq(side, newestSeq);
  }
  const sampleNow = (): void => {
    void sample()
      .catch(() => undefined) // the next one will do
      .then(() => (soft.signal.aborted ? undefined : (sampling = timers.after(sampleEveryMs, sampleNow))));
  };
  let sampling: Disposable | undefined = timers.after(sampleEveryMs, sampleNow);

  const tellLeader = createWaker(timers, () => session?.side);
  const running = run();

  const sideNow = (): Client => {
    if (session === undefined) throw new Error('the relay has no database at the moment');
    return session.side;
  };

  return {
    wake: () => (leader ? alarm.ring() : tellLeader()),
    async pause() {
      await setPaused(sideNow(), true);
      paused = true;
    },
    async resume() {
      await setPaused(sideNow(), false);
      paused = false;
    },
    async status() {
      await sample().catch(() => undefined);
      return { ...backlog, leader, paused, connected: session !== undefined, fence };
    },
    async [Symbol.asyncDispose]() {
      soft.abort(new Error('the relay stops'));
      sampling?.[Symbol.dispose]();
      alarm.ring();
      // What is under way is finished, unless the broker does not answer.
      const patience = timers.after(patienceMs, () => hard.abort(new Error('the relay stops')));
      const given = new Promise<void>((resolve) =>
        hard.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      await Promise.race([running, given]);
      patience[Symbol.dispose]();
      hard.abort();
      await session?.[Symbol.asyncDispose]();
      await upkeep[Symbol.asyncDispose]();
    },
  };
}

const sampleEveryMs = 10_000;
const patienceMs = 2_500;

const relayMetrics = (metrics: Metrics) => ({
  oldest: metrics.gauge(
    'outbox_oldest_unpublished_seconds',
    'Age of the oldest committed event not known to be published',
  ),
  rows: metrics.gauge('outbox_unpublished_rows', 'Committed events not known to be published'),
  leader: metrics.gauge('relay_leader', '1 while this process publishes the outbox'),
  fenceChanges: metrics.counter('relay_fence_changes_total', 'Times this process became the one that publishes'),
  published: metrics.counter('relay_published_total', 'Events acknowledged by the broker, repeats included'),
  failures: metrics.counter('relay_append_failures_total', 'Requests that the broker did not acknowledge'),
});
