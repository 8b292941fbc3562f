import type { Log } from '@g-store/runtime';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ReceivedRecord, TopicPartition } from '../../broker.js';

/** Something was fetched. It is read on from here only if `accept` is called, else it is fetched again. */
export interface Fetched extends TopicPartition {
  /** The offset that was asked for. */
  readonly from: bigint;
  /** The offset after the last of it. */
  readonly next: bigint;
  readonly highWatermark: bigint;
  /** A seek is waiting, so this is not what is wanted. */
  readonly stale: boolean;
  /** Copies the records out of the fetch buffer, which may be 10 MB large and would live as long as any of them. */
  records(): ReceivedRecord[];
  accept(): void;
}

export interface LiveConsumer {
  seek(to: TopicPartition, offset: bigint): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  commit(offsets: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void>;
}

/** Calls to a consumer that has ended do nothing: whoever makes them hears of it by `left`. */
export function toLive(consumer: Consumer, log: Log): LiveConsumer {
  const unlessEnded = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      log.debug({ err: error }, 'the consumer has ended');
    }
  };
  const byTopic = (partitions: readonly TopicPartition[]) =>
    partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
  return {
    seek: ({ topic, partition }, offset) =>
      unlessEnded(() => consumer.seek({ topic, partition, offset: String(offset) })),
    pause: (partitions) => unlessEnded(() => consumer.pause(byTopic(partitions))),
    resume: (partitions) => unlessEnded(() => consumer.resume(byTopic(partitions))),
    commit: (offsets) =>
      consumer.commitOffsets(
        offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })),
      ),
  };
}

export function toFetched({ batch, isStale, resolveOffset }: EachBatchPayload): Fetched {
  const { topic, partition, highWatermark, messages } = batch;
  const last = batch.lastOffset();
  return {
    topic,
    partition,
    // Not among kafkajs's types, though every batch bears it.
    from: BigInt((batch as unknown as { readonly fetchedOffset: string }).fetchedOffset),
    next: BigInt(last) + 1n,
    highWatermark: BigInt(highWatermark),
    stale: isStale(),
    records: () => messages.map(toRecord),
    accept: () => resolveOffset(last),
  };
}

const toRecord = ({ offset, key, value, timestamp, headers = {} }: KafkaMessage): ReceivedRecord => {
  const record = {
    offset: BigInt(offset),
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    timestamp: Number(timestamp),
  };
  const named = Object.entries(headers);
  if (named.length === 0) return record;
  return { ...record, headers: Object.fromEntries(named.map(([name, text]) => [name, String(text)])) };
};
