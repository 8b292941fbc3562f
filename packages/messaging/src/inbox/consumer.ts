import { topicOf } from '@g-store/contracts';
import type { Clock, Ids, Log, Metrics, Randomness, SpanOptions, Timers, Tracing } from '@g-store/runtime';
import { partitionKey, type Batch, type Broker } from '../broker.js';
import { connect } from '../database.js';
import type { Subscription } from '../subscription.js';
import type { Row, Table } from '../table.js';
import type { Rows } from '../work.js';
import { createSession, type Session } from '../unit-of-work/session.js';
import { createSchema } from '../unit-of-work/transaction.js';
import type { CommitContext } from '../unit-of-work/commit.js';
import type { InboxContext } from './apply.js';
import type { BatchResult } from './batch.js';
import { hear, traceOf, type Heard, type TopicSubscriptions } from './heard.js';
import { inboxMeters } from './meters.js';
import { createSharing } from './sharing.js';

/** For a service that need not know at once: it takes in what is told in large transactions, one after another. */
export interface Gathering {
  /** From one delivery to the next fetch; what comes after a pause comes at once. */
  readonly everyMs: number;
  /** Messages of a transaction. */
  readonly most: number;
}

export interface ConsumerOptions<W> {
  /** The consumer group, and the name under which the inbox is kept. */
  readonly name: string;
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly subscriptions: readonly Subscription<W>[];
  readonly workIn: (rows: Rows) => W;
  readonly tables: readonly Table<Row>[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  readonly onCommit?: () => void;
  /** Batches, of different partitions, that may commit side by side. */
  readonly connections?: number;
  /** Tries before a message is parked. */
  readonly attempts?: number;
  readonly gathering?: Gathering;
}

export interface Consumer extends AsyncDisposable {
  /** Whether partitions are assigned. */
  readonly ready: boolean;
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  /** Records not handled yet, by `topic/partition`. */
  lag(): ReadonlyMap<string, bigint>;
  /** Age of the oldest message that it has in hand; while paused, time since it was. */
  lagSeconds(): number;
}

/** Messages of a transaction, of one partition or of several together. */
const MAX_BATCH = 500;

/** Hears the topics of its subscriptions as one member of the group `name`; batches that wait together are one unit of work. */
export async function startConsumer<W>(options: ConsumerOptions<W>): Promise<Consumer> {
  const { name, broker, databaseUrl, log, metrics, clock, onCommit, attempts = 3, gathering } = options;
  const { connections = gathering ? 1 : 3 } = options;
  const topics = subscribedTopics(options.subscriptions);
  const sessions = createSessions(connections, () =>
    connect(databaseUrl, { applicationName: `${name} consumer`, pipeline: true, log }),
  );
  const context: CommitContext = { ...options, schema: createSchema(options.tables) };
  const sharing = createSharing<W>({
    context,
    use: sessions.use,
    attempts,
    most: gathering?.most ?? MAX_BATCH,
  });
  const meters = inboxMeters(metrics, clock, [...topics.keys()]);
  /** Asked for at every join: between two joins it stays the same. */
  let cluster: string | undefined;
  let paused = false;

  const onBatch = async (batch: Batch, signal: AbortSignal): Promise<void> => {
    const subscriptions = topics.get(batch.topic);
    if (subscriptions === undefined || batch.records.length === 0) return;
    cluster ??= await broker.clusterId();
    const startedMs = clock.monotonicMs();
    const nowMs = clock.now().getTime();
    using _ = meters.begin(batch);
    const heard = batch.records.map((record) => hear(subscriptions.topic.message, record, nowMs));
    const span = options.tracing?.start(`receive ${batch.topic}`, spanOptions(name, batch, heard));
    const inbox: InboxContext<W> = {
      consumer: name,
      cluster,
      subscriptions,
      workIn: options.workIn,
      clock,
      tracing: options.tracing,
      batch: span?.traceparent,
    };
    const committing = sharing.commit({
      inbox,
      partition: batch.partition,
      heard,
      signal,
      oldest: () => broker.earliest(batch.topic, batch.partition),
      onCommit: committed(batch),
    });
    if (span)
      committing.then(
        () => span.end(),
        (error: unknown) => span.end(error),
      );
    await committing;
    meters.applied(batch.topic, clock.monotonicMs() - startedMs);
    onCommit?.();
    const next = (batch.records.at(-1)?.offset ?? -1n) + 1n;
    void opened.then((reading) => reading.commit(batch.topic, batch.partition, next));
  };

  const committed =
    ({ topic, partition }: Batch) =>
    ({ heard, results, parked }: BatchResult): void => {
      for (const [at, result] of results.entries()) {
        meters.became(topic, result);
        const { key, event } = heard[at] as Heard;
        log.debug({ topic, partition, key, case: event?.case, result, traceId: traceOf(event) }, 'heard');
      }
      for (const { offset, key, reason, error } of parked) {
        log.error({ topic, partition, offset: String(offset), key, reason, error }, 'a message was parked');
      }
    };

  const positions = async (): Promise<ReadonlyMap<string, bigint>> => {
    const here = (cluster = await broker.clusterId());
    return sessions.use(async (session) => {
      const client = await session.client();
      const { rows } = await client.query<{ topic: string; partition: number; next: bigint }>(
        'SELECT topic, partition, next_offset AS next FROM progress WHERE consumer = $1 AND cluster = $2',
        [name, here],
      );
      return new Map(rows.map((row) => [partitionKey(row.topic, row.partition), row.next]));
    });
  };

  // A batch may come before the reading has been handed back.
  const opened = broker.readAsGroup({
    group: name,
    topics: [...topics.keys()],
    maxBatch: MAX_BATCH,
    ...(gathering && { gatherMs: gathering.everyMs }),
    positions,
    onBatch,
  });
  const reading = await opened;

  return {
    get ready() {
      return reading.ready;
    },
    get paused() {
      return paused;
    },
    pause() {
      paused = true;
      meters.pause(true);
      reading.pause();
    },
    resume() {
      paused = false;
      meters.pause(false);
      reading.resume();
    },
    lag: () => reading.lag(),
    lagSeconds: () => meters.lagSeconds(),
    async [Symbol.asyncDispose]() {
      await reading[Symbol.asyncDispose]();
      await sessions.close();
    },
  };
}

/** A batch serves many traces, so it is on none of them and linked to all. */
const spanOptions = (group: string, { topic, partition }: Batch, heard: readonly Heard[]): SpanOptions => ({
  kind: 'consumer',
  links: heard.map(({ event }) => event?.meta.traceparent),
  attributes: {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'receive',
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    'messaging.consumer.group.name': group,
    'messaging.batch.message_count': heard.length,
  },
});

export function subscribedTopics<W>(
  subscriptions: readonly Subscription<W>[],
): ReadonlyMap<string, TopicSubscriptions<W>> {
  const byTopic = new Map<string, TopicSubscriptions<W> & { subscriptionByCase: Map<string, Subscription<W>> }>();
  for (const subscription of subscriptions) {
    const topic = topicOf(subscription.message);
    const entry = byTopic.get(topic.name) ?? { topic, subscriptionByCase: new Map() };
    if (entry.subscriptionByCase.has(subscription.case))
      throw new TypeError(`${topic.name} ${subscription.case} is subscribed to twice`);
    entry.subscriptionByCase.set(subscription.case, subscription);
    byTopic.set(topic.name, entry);
  }
  return byTopic;
}

/** A few sessions lent in order of asking. */
function createSessions(count: number, make: Parameters<typeof createSession>[0]) {
  const all = Array.from({ length: count }, () => createSession(make));
  const idle = [...all];
  const waiting: ((session: Session) => void)[] = [];
  return {
    async use<T>(run: (session: Session) => Promise<T>): Promise<T> {
      const session = idle.pop() ?? (await new Promise<Session>((resolve) => waiting.push(resolve)));
      try {
        return await run(session);
      } finally {
        const next = waiting.shift();
        if (next) next(session);
        else idle.push(session);
      }
    },
    close: async (): Promise<void> => void (await Promise.all(all.map((session) => session[Symbol.asyncDispose]()))),
  };
}
