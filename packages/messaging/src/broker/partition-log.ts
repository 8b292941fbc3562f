import type { ReceivedRecord } from '../broker.js';

/** The records of one partition in memory. */
export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the earliest record kept. */
  readonly start: bigint;
  /** Offset after the newest. */
  readonly end: bigint;
  add(record: Omit<ReceivedRecord, 'offset'>): void;
  /** All records from an offset on; from the earliest when it lies outside what is kept. */
  from(offset: bigint): readonly ReceivedRecord[];
  /** Where reading begins that wants to begin at this offset. */
  clamp(offset: bigint | undefined): bigint;
  offsetAt(since: number): bigint;
  /** Lets go of old records before this offset. */
  forget(before: bigint): void;
}

/** How many records of a partition are kept after everybody has handled them, for readers who come later. */
const kept = 10_000;

export function createPartitionLog({
  topic,
  partition,
  firstOffset,
}: {
  topic: string;
  partition: number;
  firstOffset: bigint;
}): PartitionLog {
  let records: ReceivedRecord[] = [];
  let start = firstOffset;
  const end = (): bigint => start + BigInt(records.length);
  const clamp = (offset: bigint | undefined): bigint =>
    offset === undefined || offset < start || offset > end() ? start : offset;
  return {
    topic,
    partition,
    get start() {
      return start;
    },
    get end() {
      return end();
    },
    add: (record) => void records.push({ ...record, offset: end() }),
    from: (offset) => records.slice(Number(clamp(offset) - start)),
    clamp,
    offsetAt: (since) => records.find(({ timestamp }) => timestamp >= since)?.offset ?? end(),
    forget(before) {
      // Only now and then, for it copies what stays.
      if (records.length < 2 * kept) return;
      const surplus = Math.min(records.length - kept, Number(before - start));
      if (surplus <= 0) return;
      records = records.slice(surplus);
      start += BigInt(surplus);
    },
  };
}
