/**
 * How far something has come in every partition that the feed reads: the next offset by slot. A slot is one partition of
 * one topic. Offsets fit a double for as long as anybody will run this.
 */
export type Vector = readonly number[];

export const highest = (a: Vector, b: Vector): Vector => a.map((offset, slot) => Math.max(offset, b[slot] ?? 0));

export const lowest = (a: Vector, b: Vector): Vector => a.map((offset, slot) => Math.min(offset, b[slot] ?? 0));

/** Whether everything before `other` lies before `vector` too. */
export const covers = (vector: Vector, other: Vector): boolean =>
  vector.every((offset, slot) => offset >= (other[slot] ?? 0));

export interface HeardTopic {
  readonly name: string;
  readonly partitions: number;
}

export interface Slots {
  readonly count: number;
  readonly topics: readonly HeardTopic[];
  /** Undefined for a partition that the feed does not know. */
  of(topic: string, partition: number): number | undefined;
}

export function createSlots(topics: readonly HeardTopic[]): Slots {
  const firstByTopic = new Map<string, number>();
  let count = 0;
  for (const { name, partitions } of topics) {
    firstByTopic.set(name, count);
    count += partitions;
  }
  const partitionsByTopic = new Map(topics.map(({ name, partitions }) => [name, partitions]));
  return {
    count,
    topics,
    of(topic, partition) {
      const first = firstByTopic.get(topic);
      return first === undefined || partition >= (partitionsByTopic.get(topic) ?? 0) ? undefined : first + partition;
    },
  };
}
