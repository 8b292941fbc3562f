import { failpoint } from '@g-store/runtime';
import type { Hub } from './hub.js';
import type { News } from './news.js';
import type { Newness } from './newness.js';
import type { Rings } from './rings.js';
import type { Slots } from './vector.js';

/** A record as Kafka gave it. */
export interface FeedRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: number;
}

export interface FeedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly FeedRecord[];
}

export type Outcome = 'news' | 'repeat' | 'silent' | 'unreadable';

export interface FeedOptions {
  readonly slots: Slots;
  readonly rings: Rings;
  readonly newness: Newness;
  readonly hub: Pick<Hub, 'deliver'>;
  /** Undefined for an event that no socket hears of. Throws when the bytes are no event. */
  readonly read: (topic: string, record: FeedRecord) => News | undefined;
  readonly count: (outcome: Outcome, error?: unknown) => void;
}

export interface Feed {
  /** Where each partition is read from, by `topic/partition`; told before the first batch. */
  begin(starts: ReadonlyMap<string, bigint>): void;
  take(batch: FeedBatch): void;
}

/** Takes in every partition: keeps what is news, and delivers it in the same breath. */
export function createFeed({ slots, rings, newness, hub, read, count }: FeedOptions): Feed {
  const takeOne = (topic: string, slot: number, record: FeedRecord): void => {
    const offset = Number(record.offset);
    const pass = (outcome: Outcome, error?: unknown): void => {
      rings.pass(slot, offset);
      count(outcome, error);
    };
    let news: News | undefined;
    try {
      news = read(topic, record);
    } catch (error) {
      return pass('unreadable', error);
    }
    if (news === undefined) return pass('silent');
    if (!newness.isNews(slot, news)) return pass('repeat');
    const entry = rings.add(slot, { offset, atMs: record.timestamp }, news);
    void failpoint('feed-after-consuming');
    hub.deliver(entry);
    count('news');
  };

  return {
    begin(starts) {
      for (const { name, partitions } of slots.topics) {
        for (let partition = 0; partition < partitions; partition += 1) {
          const slot = slots.of(name, partition);
          const start = starts.get(`${name}/${partition}`);
          if (slot === undefined || start === undefined) throw new Error(`${name} has no partition ${partition}`);
          rings.begin(slot, Number(start));
        }
      }
    },
    take({ topic, partition, records }) {
      const slot = slots.of(topic, partition);
      if (slot === undefined) return;
      for (const record of records) takeOne(topic, slot, record);
    },
  };
}
