import type { Clock, Log, Randomness, Timers } from '@g-store/runtime';
import type { Kafka } from 'kafkajs';
import { partitionKey, type GroupReading, type Reading, type TopicPartition } from '../../broker.js';
import { createPump, type PartitionPump } from '../partition-pump.js';
import { createCommitter } from './committer.js';
import { keepConsumer, type ConsumerTuning } from './consumer.js';
import type { Fetched, LiveConsumer } from './live-consumer.js';
import { endsOf, whereToRead } from './positions.js';
import type { Questions } from './questions.js';

export interface ReadingDependencies {
  readonly client: () => Kafka;
  readonly questions: Questions;
  readonly tuning: ConsumerTuning;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
}

/** Batches of one partition that may wait before it is paused. */
const mostBatchesWaiting = 10;

/** Where one partition stands with this member. */
interface Owned {
  readonly of: TopicPartition;
  readonly pump: PartitionPump;
  /** Too much is waiting: nothing is fetched. */
  full: boolean;
  /** Where to read on is being found out. */
  lost: boolean;
}

/** Joins in the background; the partitions owned stay paused until it is known where to read each from. */
export function startGroupReading(reading: GroupReading, dependencies: ReadingDependencies): Reading {
  const { client, questions, tuning, timers, randomness, log } = dependencies;
  const { group, topics, maxBatch, gatherMs = 0, onBatch } = reading;
  const owned = new Map<string, Owned>();
  /** Batches of earlier generations still in hand. */
  const settling = new Map<string, Promise<void>>();
  let generation = new AbortController();
  let consumer: LiveConsumer | undefined;
  let [ready, held, closed] = [false, false, false];

  const fetching = ({ full, lost }: Owned): boolean => !full && !lost && !held;
  const resume = (each: Owned): void => {
    if (fetching(each)) consumer?.resume([each.of]);
  };

  const stopAll = (): void => {
    generation.abort(new Error('the partitions were dealt out anew'));
    generation = new AbortController();
    ready = false;
    for (const [key, { pump }] of owned) {
      const settled = Promise.all([settling.get(key), pump.stop()]).then(() => {
        if (settling.get(key) === settled) settling.delete(key);
      });
      settling.set(key, settled);
    }
    owned.clear();
  };

  const begin = async (
    partitions: readonly TopicPartition[],
    joined: LiveConsumer,
    signal: AbortSignal,
  ): Promise<void> => {
    // A batch still in hand may commit: only afterwards do the positions say what is left.
    await Promise.all(partitions.map(({ topic, partition }) => settling.get(partitionKey(topic, partition))));
    const starts = await whereToRead(
      partitions,
      () => reading.positions(partitions),
      { questions, timers, randomness, log },
      signal,
    );
    if (signal.aborted || starts === undefined) return;
    for (const of of partitions) {
      const key = partitionKey(of.topic, of.partition);
      const { from, high } = starts.get(key) ?? { from: 0n, high: 0n };
      const onHandled = (): void => {
        if (!each.full || pump.waiting > (maxBatch * mostBatchesWaiting) / 2) return;
        each.full = false;
        resume(each);
      };
      const pump = createPump({ ...of, from, maxBatch, onBatch, onHandled, timers, randomness, log });
      const each: Owned = { of, pump, full: false, lost: false };
      pump.sawEnd(high);
      pump.hold(held);
      owned.set(key, each);
      joined.seek(of, from);
      resume(each);
    }
    ready = true;
  };

  /** What came is not what follows: finds out whether the log has changed, and has it read on from where it should. */
  const findWayBack = async (each: Owned, from: LiveConsumer, signal: AbortSignal): Promise<void> => {
    each.lost = true;
    from.pause([each.of]);
    const key = partitionKey(each.of.topic, each.of.partition);
    const positions = async () => new Map([[key, each.pump.expected]]);
    const start = (await whereToRead([each.of], positions, { questions, timers, randomness, log }, signal))?.get(key);
    if (signal.aborted || start === undefined) return;
    each.pump.enqueue([], start.from, start.high);
    from.seek(each.of, start.from);
    each.lost = false;
    resume(each);
  };

  const fetched = (batch: Fetched, from: LiveConsumer): void => {
    const each = owned.get(partitionKey(batch.topic, batch.partition));
    // Fetched before a seek took effect, or by an earlier generation.
    if (each === undefined || batch.stale || each.lost) return;
    if (batch.from !== each.pump.expected) return void findWayBack(each, from, generation.signal);
    each.pump.enqueue(batch.records(), batch.next, batch.highWatermark);
    batch.accept();
    if (each.pump.waiting < maxBatch * mostBatchesWaiting) return;
    each.full = true;
    from.pause([each.of]);
  };

  const committer = createCommitter({ timers, log, commit: async (offsets) => consumer?.commit(offsets) });
  const keeping = keepConsumer({
    ...dependencies,
    client,
    groupId: group,
    topics,
    tuning: { ...tuning, gatherMs },
    listener: {
      prepare: async () => {},
      joined(partitions, joined) {
        stopAll();
        committer.forget();
        consumer = joined;
        joined.pause(partitions);
        if (closed) return;
        begin(partitions, joined, generation.signal).catch((error: unknown) =>
          log.error({ err: error }, 'reading could not begin'),
        );
      },
      left() {
        stopAll();
        consumer = undefined;
      },
      fetched,
      skipped(of, first, next) {
        const each = owned.get(partitionKey(of.topic, of.partition));
        if (each?.pump.expected === first) each.pump.enqueue([], next, each.pump.highWatermark);
      },
      isBehind: () =>
        [...owned.values()].some((each) => fetching(each) && each.pump.expected < each.pump.highWatermark),
    },
  });

  const looking = lookAtEnds(async () => {
    const ends = await endsOf(questions, new Set([...owned.values()].map(({ of }) => of.topic)));
    for (const [key, { high }] of ends) owned.get(key)?.pump.sawEnd(high);
  }, dependencies);

  const hold = (on: boolean) => (): void => {
    held = on;
    for (const each of owned.values()) {
      each.pump.hold(on);
      if (on) consumer?.pause([each.of]);
      else resume(each);
    }
  };

  return {
    get ready() {
      return ready;
    },
    pause: hold(true),
    resume: hold(false),
    lag: () =>
      new Map(
        [...owned].map(([key, { pump }]) => [
          key,
          pump.highWatermark > pump.handled ? pump.highWatermark - pump.handled : 0n,
        ]),
      ),
    commit: (topic, partition, offset) => {
      if (owned.has(partitionKey(topic, partition))) committer.note(topic, partition, offset);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      looking[Symbol.dispose]();
      stopAll();
      // Only then does the group give the partitions to others.
      await Promise.all(settling.values());
      await committer.close();
      await keeping[Symbol.asyncDispose]();
    },
  };
}

const everyMs = 5_000;

/** Looks every few seconds how far the partitions reach; kafkajs tells it only together with records. */
export function lookAtEnds(
  look: () => Promise<void>,
  { timers, log }: Pick<ReadingDependencies, 'timers' | 'log'>,
): Disposable {
  let waiting: Disposable;
  const again = (): void => {
    waiting = timers.after(everyMs, async () => {
      await look().catch((error: unknown) => log.debug({ err: error }, 'how far the partitions reach is not known'));
      if (!done) again();
    });
  };
  let done = false;
  again();
  return {
    [Symbol.dispose]() {
      done = true;
      waiting[Symbol.dispose]();
    },
  };
}
