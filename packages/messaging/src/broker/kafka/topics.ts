import type { Log } from '@g-store/runtime';
import { createClient } from './client.js';

export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs?: number;
}

export interface TopicOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly WantedTopic[];
  /** Copies of each partition; 1 unless said otherwise. */
  readonly replicas?: number;
  readonly log: Log;
}

/** Creates the topics that are missing and leaves the others as they are; resolves when all have a leader. */
export async function ensureTopics({ brokers, topics, replicas = 1, log }: TopicOptions): Promise<void> {
  const admin = createClient({ brokers, clientId: 'topics', log }).admin();
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !known.has(name));
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, retentionMs }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: retentionMs === undefined ? [] : [{ name: 'retention.ms', value: String(retentionMs) }],
      })),
    });
  } finally {
    await admin.disconnect();
  }
}
