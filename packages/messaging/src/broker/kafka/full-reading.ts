import { partitionKey, type FullReading, type Reading, type TopicPartition } from '../../broker.js';
import { keepConsumer } from './consumer.js';
import type { Fetched, LiveConsumer } from './live-consumer.js';
import { lookAtEnds, type ReadingDependencies } from './group-reading.js';
import { endsOf, whereToRead } from './positions.js';

interface Followed {
  readonly of: TopicPartition;
  /** Offset to read next. */
  next: bigint;
  /** Where the partition ended when reading began. */
  readonly end: bigint;
  high: bigint;
  lost: boolean;
}

/** A group of one, whose name nobody else has and which stores no offsets: they are kept here, and sought inside every join. */
export function startFullReading(
  { topics, since, onStart, onBatch }: FullReading,
  groupId: string,
  dependencies: ReadingDependencies,
): Reading {
  const { questions, timers, randomness, log } = dependencies;
  const followed = new Map<string, Followed>();
  const closing = new AbortController();
  let consumer: LiveConsumer | undefined;
  let held = false;

  /** Before the first join, for inside it there is no time to ask. */
  const prepare = async (): Promise<void> => {
    if (followed.size > 0) return;
    const ends = await endsOf(questions, topics);
    const starts = await Promise.all(
      topics.map(async (topic) => [topic, await questions.offsetsSince(topic, since)] as const),
    );
    for (const [topic, offsets] of starts) {
      for (const [partition, next] of offsets) {
        const high = ends.get(partitionKey(topic, partition))?.high ?? next;
        followed.set(partitionKey(topic, partition), { of: { topic, partition }, next, end: high, high, lost: false });
      }
    }
    onStart?.(new Map([...followed].map(([key, { next }]) => [key, next])));
  };

  const joined = (owned: readonly TopicPartition[], live: LiveConsumer): void => {
    consumer = live;
    for (const of of owned) {
      const each = followed.get(partitionKey(of.topic, of.partition));
      if (each === undefined) throw new Error(`${of.topic} has got a partition ${of.partition} meanwhile`);
      each.lost = false;
      live.seek(of, each.next);
      if (held) live.pause([of]);
      else live.resume([of]);
    }
  };

  const fetched = (batch: Fetched, from: LiveConsumer): void => {
    const each = followed.get(partitionKey(batch.topic, batch.partition));
    if (each === undefined || batch.stale || each.lost || closing.signal.aborted) return;
    if (batch.from !== each.next) return void findWayBack(each, from);
    batch.accept();
    each.next = batch.next;
    each.high = batch.highWatermark;
    onBatch({ ...each.of, records: batch.records(), highWatermark: batch.highWatermark });
  };

  const findWayBack = async (each: Followed, from: LiveConsumer): Promise<void> => {
    each.lost = true;
    const key = partitionKey(each.of.topic, each.of.partition);
    const options = { questions, timers, randomness, log };
    const start = (await whereToRead([each.of], async () => new Map([[key, each.next]]), options, closing.signal))?.get(
      key,
    );
    if (start === undefined || consumer !== from) return;
    each.next = start.from;
    from.seek(each.of, start.from);
    each.lost = false;
  };

  const keeping = keepConsumer({
    ...dependencies,
    groupId,
    topics,
    listener: {
      prepare,
      joined,
      left: () => void (consumer = undefined),
      fetched,
      skipped(of, first, next) {
        const each = followed.get(partitionKey(of.topic, of.partition));
        if (each?.next === first) each.next = next;
      },
      isBehind: () => !held && [...followed.values()].some(({ next, high, lost }) => !lost && next < high),
    },
  });
  const looking = lookAtEnds(async () => {
    for (const [key, { high }] of await endsOf(questions, topics)) {
      const each = followed.get(key);
      if (each) each.high = high;
    }
  }, dependencies);

  const hold = (on: boolean) => (): void => {
    held = on;
    const all = [...followed.values()].map(({ of }) => of);
    if (on) consumer?.pause(all);
    else consumer?.resume(all);
  };
  return {
    get ready() {
      return followed.size > 0 && [...followed.values()].every(({ next, end }) => next >= end);
    },
    pause: hold(true),
    resume: hold(false),
    lag: () => new Map([...followed].map(([key, { next, high }]) => [key, high > next ? high - next : 0n])),
    commit: () => {},
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('closing'));
      looking[Symbol.dispose]();
      await keeping[Symbol.asyncDispose]();
    },
  };
}
