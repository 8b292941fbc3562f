import type { Clock, Health, Ids, Log, Metrics, Randomness, Timers, Tracing } from '@g-store/runtime';
import { failpoint as runtimeFailpoint } from '@g-store/runtime';
import type { Broker } from '../broker.js';
import type { OutboxKeeping } from '../outbox/children.js';
import { outboxChildRows } from '../outbox/schema.js';
import { messagingUpkeep, outboxUpkeep, startUpkeep } from '../outbox/upkeep.js';
import type { Upkeep, UpkeepTask } from '../outbox/upkeep.js';
import { DatabaseDown } from '../work.js';
import { createAlarm } from './alarm.js';
import type { RelayTopic } from './appending.js';
import type { Backlog } from './backlog.js';
import { setPaused } from './lease.js';
import { relayMeters } from './meters.js';
import { startSampling } from './sampling.js';
import { serve } from './serving.js';
import type { Standing } from './serving.js';
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
  readonly tracing?: Tracing | undefined;
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
  const { timers, broker, failpoint = runtimeFailpoint } = options;
  const soft = new AbortController();
  const hard = new AbortController();
  const standing: Standing = { session: undefined, leader: false, paused: false, fence: 0n };
  const alarm = createAlarm(timers);
  const meters = relayMeters(options.metrics);
  const sampling = startSampling(timers, standing, meters);
  const keeping = startKeeping(options);
  const topicById = new Map(options.topics.map((topic) => [topic.id, topic]));
  const running = serve(
    {
      ...options,
      holder: options.holder ?? options.ids.next(),
      alarm,
      meters,
      failpoint,
      topics: createTopicWatch(options),
      appending: { ...options, ...meters, broker, topicById, signal: hard.signal },
      onPublished(newest) {
        sampling.published(newest);
        keeping.published(newest);
      },
      signal: soft.signal,
    },
    standing,
  );
  const tellLeader = createWaker(timers, () => standing.session?.side);

  async function pause(paused: boolean): Promise<void> {
    if (standing.session === undefined) throw new DatabaseDown('the relay has no database at the moment');
    await setPaused(standing.session.side, paused);
    standing.paused = paused;
  }

  return {
    wake: () => (standing.leader ? alarm.ring() : tellLeader()),
    pause: () => pause(true),
    resume: () => pause(false),
    async status() {
      const backlog = await sampling.measure();
      const { leader, paused, fence, session } = standing;
      return { ...backlog, leader, paused, connected: session !== undefined, fence };
    },
    async [Symbol.asyncDispose]() {
      soft.abort(new Error('the relay stops'));
      sampling[Symbol.dispose]();
      alarm.ring();
      await orGiveUp(timers, running, hard);
      await standing.session?.[Symbol.asyncDispose]();
      await keeping.upkeep[Symbol.asyncDispose]();
    },
  };
}

/** What is under way is finished, unless the broker does not answer. */
async function orGiveUp(timers: Timers, running: Promise<void>, hard: AbortController): Promise<void> {
  const givenUp = new Promise<void>((resolve) => hard.signal.addEventListener('abort', () => resolve()));
  using _patience = timers.after(2_500, () => hard.abort(new Error('the relay stops')));
  await Promise.race([running, givenUp]);
}

function startKeeping(options: RelayOptions): { readonly upkeep: Upkeep; published(newest: bigint): void } {
  const { ownerUrl, timers, log, health, upkeepEveryMs, outbox = {} } = options;
  let roomEnd: bigint | undefined;
  const onRoom = (end: bigint): void => void (roomEnd = end);
  const upkeep = startUpkeep({
    ownerUrl,
    tasks: [
      ...outboxUpkeep(outbox, { ...(health && { health }), onRoom }),
      ...messagingUpkeep,
      ...(options.upkeep ?? []),
    ],
    timers,
    log,
    ...(upkeepEveryMs !== undefined && { everyMs: upkeepEveryMs }),
  });
  return {
    upkeep,
    published(newest) {
      // Faster than a child a minute: do not wait for the turn. Once for each end, so that a failure is not hammered.
      if (roomEnd === undefined || newest + 2n * (outbox.childRows ?? outboxChildRows) <= roomEnd) return;
      roomEnd = undefined;
      upkeep.wake();
    },
  };
}
