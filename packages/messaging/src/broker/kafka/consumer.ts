import type { Clock, Log, Randomness, Timers } from '@g-store/runtime';
import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs';
import type { TopicPartition } from '../../broker.js';
import { pauseAfter } from '../partition-pump.js';
import { toFetched, toLive, type Fetched, type LiveConsumer } from './live-consumer.js';

export interface ConsumerListener {
  /** Before connecting; when it rejects, both are tried again later. */
  prepare(): Promise<void>;
  /** Inside the join, before anything is fetched: a seek or pause made synchronously is in time. */
  joined(owned: readonly TopicPartition[], consumer: LiveConsumer): void;
  /** This consumer is over: nothing more comes from it. */
  left(): void;
  fetched(batch: Fetched, consumer: LiveConsumer): void;
  /** Nothing of `first` up to `next` is visible: control records. */
  skipped(partition: TopicPartition, first: bigint, next: bigint): void;
  /** There is something to fetch, and room for it. */
  isBehind(): boolean;
}

export interface ConsumerOptions {
  readonly client: () => Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly listener: ConsumerListener;
  readonly tuning: ConsumerTuning;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
}

export interface ConsumerTuning {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatMs: number;
  /** How long Kafka holds a fetch that finds nothing. */
  readonly maxWaitMs: number;
  /** From what was fetched to the next fetch. */
  readonly gatherMs: number;
  /** Behind, and nothing fetched for so long: begin with a new consumer. */
  readonly stuckMs: number;
}

export const defaultTuning: ConsumerTuning = {
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 10_000,
  heartbeatMs: 1_000,
  maxWaitMs: 100,
  gatherMs: 0,
  stuckMs: 10_000,
};

/**
 * Keeps a consumer in the group for as long as it is wanted: connects in the background, begins anew after a crash or
 * when it is stuck, and never throws. Disposal leaves the group.
 */
export function keepConsumer(options: ConsumerOptions): AsyncDisposable {
  const { listener, log } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const live = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await listener.prepare();
        if (signal.aborted) return;
        await oneLife(options, signal, () => (failures = 0));
      } catch (error) {
        log.warn({ err: error, group: options.groupId }, 'the consumer is gone, another follows');
      }
      listener.left();
      await pauseAfter(failures, options, signal);
    }
  };
  const ended = live();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('closing'));
      await ended;
    },
  };
}

/** From connecting until it is closed; rejects when it came to another end. */
async function oneLife(options: ConsumerOptions, signal: AbortSignal, onJoined: () => void): Promise<void> {
  const { client, groupId, topics, listener, tuning, clock, timers, log } = options;
  const consumer = client().consumer(toConfig(groupId, tuning));
  const live = toLive(consumer, log);
  const end = Promise.withResolvers<void>();
  // Nobody listens any more once it has ended otherwise.
  end.promise.catch(() => {});
  if (signal.aborted) end.resolve();
  signal.addEventListener('abort', () => end.resolve(), { once: true });
  let [fetching, delivered] = [clock.monotonicMs(), clock.monotonicMs()];

  consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
    fetching = delivered = clock.monotonicMs();
    onJoined();
    const owned = Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    log.info({ group: groupId, partitions: owned.length }, 'joined');
    contained(log, () => listener.joined(owned, live));
  });
  consumer.on('consumer.fetch', () => void (fetching = clock.monotonicMs()));
  consumer.on('consumer.end_batch_process', ({ payload: { topic, partition, batchSize, firstOffset, lastOffset } }) => {
    if (batchSize === 0 && firstOffset !== null)
      listener.skipped({ topic, partition }, BigInt(firstOffset), BigInt(lastOffset) + 1n);
  });
  consumer.on('consumer.crash', ({ payload: { error } }) => end.reject(error));

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    delivered = clock.monotonicMs();
    // Whatever is thrown here would restart every fetcher.
    contained(log, () => listener.fetched(toFetched(payload), live));
    // Nothing is fetched before every batch of this fetch has settled. Kafka could hold the fetch itself, but then looks
    // at all its partitions again with each record that is written to one.
    if (tuning.gatherMs > 0) await timers.sleep(tuning.gatherMs, signal).catch(() => {});
  };

  let watch: Disposable;
  const lookAfter = (): void => {
    const now = clock.monotonicMs();
    if (!listener.isBehind()) delivered = now;
    const silent = now - fetching > tuning.stuckMs + tuning.rebalanceTimeoutMs;
    if (silent || now - delivered > tuning.stuckMs)
      end.reject(new Error(silent ? 'nothing is fetched' : 'behind, and nothing arrives'));
    watch = timers.after(tuning.stuckMs / 8, lookAfter);
  };
  watch = timers.after(tuning.stuckMs / 8, lookAfter);

  const running = run(consumer, topics, eachBatch, tuning.gatherMs > 0 ? mostPartitions : 1);
  running.catch(end.reject);
  try {
    await end.promise;
  } finally {
    watch[Symbol.dispose]();
    await closed(consumer, running, timers, log);
  }
}

/** Delivered before they wait together; what a fetch brings of more is delivered after them. */
const mostPartitions = 100;

async function run(
  consumer: Consumer,
  topics: readonly string[],
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
  partitionsConsumedConcurrently: number,
): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently, eachBatch });
}

const longestCloseMs = 4_000;

/** A consumer that is disconnected while it joins would join afterwards; so that is waited for, in the background if it takes long. */
async function closed(consumer: Consumer, running: Promise<void>, timers: Timers, log: Log): Promise<void> {
  const closing = running
    .catch(() => {})
    .then(() => consumer.disconnect())
    .catch((error: unknown) => log.debug({ err: error }, 'a consumer did not close well'));
  const enough = new AbortController();
  await Promise.race([closing, timers.sleep(longestCloseMs, enough.signal).catch(() => {})]);
  enough.abort();
}

const toConfig = (
  groupId: string,
  { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatMs, maxWaitMs }: ConsumerTuning,
): ConsumerConfig => ({
  groupId,
  sessionTimeout: sessionTimeoutMs,
  rebalanceTimeout: rebalanceTimeoutMs,
  heartbeatInterval: heartbeatMs,
  maxWaitTimeInMs: maxWaitMs,
  minBytes: 1,
  metadataMaxAge: 60_000,
  allowAutoTopicCreation: false,
  // One who restarts a crashed consumer is enough.
  retry: {
    initialRetryTime: 100,
    factor: 0.2,
    multiplier: 2,
    maxRetryTime: 1_000,
    retries: 4,
    restartOnFailure: async () => false,
  },
});

function contained(log: Log, run: () => void): void {
  try {
    run();
  } catch (error) {
    log.error({ err: error }, 'a consumer callback threw');
  }
}
