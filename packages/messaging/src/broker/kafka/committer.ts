import type { Log, Timers } from '@g-store/runtime';
import { partitionKey, type TopicPartition } from '../../broker.js';

export type Offset = TopicPartition & { readonly offset: bigint };

/** Keeps the newest offset of each partition and stores them now and then. They are for people who look at Kafka; nothing depends on them. */
export interface Committer {
  note(topic: string, partition: number, offset: bigint): void;
  /** Drops what is not stored yet. */
  forget(): void;
  close(): Promise<void>;
}

const everyMs = 1_000;
const longestCloseMs = 500;

export function createCommitter({
  timers,
  log,
  commit,
}: {
  timers: Timers;
  log: Log;
  commit: (offsets: readonly Offset[]) => Promise<void> | undefined;
}): Committer {
  let newest = new Map<string, Offset>();
  let waiting: Disposable | undefined;

  const flush = async (): Promise<void> => {
    waiting?.[Symbol.dispose]();
    waiting = undefined;
    if (newest.size === 0) return;
    const offsets = [...newest.values()];
    newest = new Map();
    try {
      await commit(offsets);
    } catch (error) {
      log.debug({ err: error }, 'offsets were not stored');
    }
  };

  return {
    note(topic, partition, offset) {
      newest.set(partitionKey(topic, partition), { topic, partition, offset });
      waiting ??= timers.after(everyMs, () => void flush());
    },
    forget: () => newest.clear(),
    async close() {
      const enough = new AbortController();
      await Promise.race([flush(), timers.sleep(longestCloseMs, enough.signal).catch(() => {})]);
      enough.abort();
    },
  };
}
