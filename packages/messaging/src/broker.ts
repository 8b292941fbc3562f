/**
 * The broker port. Two adapters keep it: Kafka through kafkajs, and one in process for tests, simulation and the
 * Gophermart edition. Both pass the same contract suite (test/broker-contract.ts).
 */
export interface Broker {
  /**
   * Resolves when every record is acknowledged (Kafka: acks = all, each (topic, partition) named with error 0);
   * rejects otherwise, and then any of them may or may not have been written: send the identical batch again.
   * At most one append is under way per partition; records of one partition keep their order.
   */
  append(records: readonly OutgoingRecord[]): Promise<void>;
  /** Reads as a member of a consumer group: each partition belongs to one member. */
  readAsGroup(options: GroupReading): Promise<Reading>;
  /** Reads every partition for itself, without a group's offsets: for live feeds and deny lists. */
  readEverything(options: FullReading): Promise<Reading>;
  /** Partition count by topic, of the topics asked for that exist. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Offset of the oldest record that a partition still has. */
  earliest(topic: string, partition: number): Promise<bigint>;
  /** Changes when the cluster is another one, so that offsets of the old one mean nothing. */
  clusterId(): Promise<string>;
  close(): Promise<void>;
}

export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface ReceivedRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Broker or producer time, ms since the epoch. */
  readonly timestamp: number;
  /** Left out where there are none: what we tell has none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Records of one partition in order of offset; at most `maxBatch` of them, copied out of the fetch buffer. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ReceivedRecord[];
  /** Offset after the newest record in the partition when this was fetched. */
  readonly highWatermark: bigint;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface GroupReading {
  readonly group: string;
  readonly topics: readonly string[];
  /** At most this many records in one batch. */
  readonly maxBatch: number;
  /** For one who need not know at once: after a delivery nothing is fetched for so long, that more of it comes together. */
  readonly gatherMs?: number;
  /**
   * Asked on every (re)join, before anything of the partitions is delivered: the next offset to read of each partition
   * owned, from wherever the truth is kept. A partition it leaves out starts at the earliest record.
   */
  readonly positions: (owned: readonly TopicPartition[]) => Promise<ReadonlyMap<string, bigint>>;
  /**
   * Handles one batch of one partition; the next batch of that partition comes after it has resolved. It retries and
   * parks by itself: rejecting means that the partition cannot go on now, and the same batch is delivered again after a pause.
   * `signal` aborts when the partition is lost or the reading closes: finish or drop the batch, commit nothing more.
   */
  readonly onBatch: (batch: Batch, signal: AbortSignal) => Promise<void>;
}

export interface FullReading {
  readonly topics: readonly string[];
  /** Where to start: the earliest record at or after this time, ms since the epoch. */
  readonly since: number;
  /** Told once, before the first batch: the offset that each partition is read from, by `topic/partition`. */
  readonly onStart?: (starts: ReadonlyMap<string, bigint>) => void;
  /** Called synchronously per fetched batch, in order per partition. */
  readonly onBatch: (batch: Batch) => void;
}

export interface Reading extends AsyncDisposable {
  /** True while partitions are assigned (group) or all partitions have been read up to their end once (full). */
  readonly ready: boolean;
  /** Stops fetching; batches in hand finish. */
  pause(): void;
  resume(): void;
  /** Records between what was handled and the newest, by `topic/partition`. */
  lag(): ReadonlyMap<string, bigint>;
  /** Stores group offsets, at most once a second, errors swallowed: the truth is elsewhere. A no-op for full readings. */
  commit(topic: string, partition: number, nextOffset: bigint): void;
}

/** The key of a position map. */
export const partitionKey = (topic: string, partition: number): string => `${topic}/${partition}`;
