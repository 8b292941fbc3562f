import {
  silentLog,
  systemClock,
  systemRandomness,
  systemTimers,
  type Clock,
  type Log,
  type Randomness,
  type Timers,
} from '@g-store/runtime';
import {
  partitionKey,
  type Broker,
  type FullReading,
  type GroupReading,
  type OutgoingRecord,
  type Reading,
  type TopicPartition,
} from '../broker.js';
import { createGroup, type InProcessGroup } from './in-process-group.js';
import { createPartitionLog, type PartitionLog } from './partition-log.js';

export interface InProcessBrokerOptions {
  /** Partition count by topic; there are no other topics. */
  readonly partitions: Readonly<Record<string, number>>;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly randomness?: Randomness;
  readonly log?: Log;
}

/**
 * A broker inside this process, which forgets everything with it. So an append is acknowledged only after every group
 * that reads the topic has handled it, and is refused when a group that has read it before has no member now.
 */
export function createInProcessBroker(options: InProcessBrokerOptions): Broker {
  const {
    partitions,
    clock = systemClock,
    timers = systemTimers,
    randomness = systemRandomness,
    log = silentLog,
  } = options;
  // Offsets go on from the time of the start: one that was kept from an earlier run lies before them, and reads from the earliest.
  const firstOffset = BigInt(clock.now().getTime()) * 1_000n;
  const logs = new Map<string, PartitionLog>();
  for (const [topic, count] of Object.entries(partitions)) {
    for (let partition = 0; partition < count; partition += 1) {
      logs.set(partitionKey(topic, partition), createPartitionLog({ topic, partition, firstOffset }));
    }
  }
  const groups = new Map<string, InProcessGroup>();
  const followers = new Set<Follower>();
  let closed = false;

  const logOf = ({ topic, partition }: TopicPartition): PartitionLog => {
    const found = logs.get(partitionKey(topic, partition));
    if (found === undefined) throw new Error(`there is no partition ${partition} of topic ${topic}`);
    return found;
  };

  const append = async (records: readonly OutgoingRecord[]): Promise<void> => {
    if (closed) throw new Error('the broker is closed');
    const touched = new Set(records.map(logOf));
    for (const group of groups.values()) group.refuseIfAbandoned(touched);
    const timestamp = clock.now().getTime();
    for (const record of records) logOf(record).add({ key: record.key, value: record.value, timestamp });
    for (const follower of followers) follower.follow(touched);
    await Promise.all([...groups.values()].map((group) => group.handle(touched)));
    for (const each of touched) {
      const handledByAll = [...groups.values()].map((group) => group.handled(each)).reduce(earlier, each.end);
      each.forget(handledByAll);
    }
  };

  const readAsGroup = async (reading: GroupReading): Promise<Reading> => {
    const group =
      groups.get(reading.group) ??
      createGroup({ name: reading.group, logs: [...logs.values()], timers, randomness, log });
    groups.set(reading.group, group);
    return group.join(reading);
  };

  const readEverything = async (reading: FullReading): Promise<Reading> => {
    const follower = createFollower(
      reading,
      [...logs.values()].filter(({ topic }) => reading.topics.includes(topic)),
      log,
    );
    followers.add(follower);
    return { ...follower.reading, [Symbol.asyncDispose]: async () => void followers.delete(follower) };
  };

  return {
    append,
    readAsGroup,
    readEverything,
    partitions: async (topics) =>
      new Map(topics.flatMap((topic) => (partitions[topic] === undefined ? [] : [[topic, partitions[topic]]]))),
    earliest: async (topic, partition) => logOf({ topic, partition }).start,
    clusterId: async () => `in-process-${firstOffset}`,
    async close() {
      closed = true;
      followers.clear();
      await Promise.all([...groups.values()].map((group) => group.close()));
    },
  };
}

const earlier = (a: bigint, b: bigint): bigint => (b < a ? b : a);

interface Follower {
  readonly reading: Omit<Reading, typeof Symbol.asyncDispose>;
  follow(logs: Iterable<PartitionLog>): void;
}

/** Reads along, synchronously with each append. */
function createFollower({ since, onStart, onBatch }: FullReading, own: readonly PartitionLog[], log: Log): Follower {
  const nextByLog = new Map(own.map((each) => [each, each.offsetAt(since)]));
  onStart?.(new Map([...nextByLog].map(([{ topic, partition }, next]) => [partitionKey(topic, partition), next])));
  let held = false;
  const follow = (touched: Iterable<PartitionLog>): void => {
    for (const each of touched) {
      const next = nextByLog.get(each);
      if (held || next === undefined || next >= each.end) continue;
      nextByLog.set(each, each.end);
      const { topic, partition } = each;
      try {
        onBatch({ topic, partition, records: each.from(next), highWatermark: each.end });
      } catch (error) {
        log.error({ err: error, topic, partition }, 'a reader threw');
      }
    }
  };
  follow(own);
  return {
    follow,
    reading: {
      ready: true,
      pause: () => void (held = true),
      resume() {
        held = false;
        follow(own);
      },
      lag: () =>
        new Map([...nextByLog].map(([each, next]) => [partitionKey(each.topic, each.partition), each.end - next])),
      commit: () => {},
    },
  };
}
