import { systemRandomness, systemTimers, type Log } from '@g-store/runtime';
import { pauseAfter } from '../partition-pump.js';
import type { Admin } from 'kafkajs';
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

/** Creates the topics that are missing and leaves the others as they are; resolves when their leaders answer for them. */
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
    for (const { name } of missing) await untilHosted(admin, name);
  } finally {
    await admin.disconnect();
  }
}

const attempts = 10;

/** The leader in the metadata may not have heard of the topic itself yet, and would refuse to take records. */
async function untilHosted(admin: Admin, topic: string): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (failures === attempts) throw error;
      await pauseAfter(failures, { timers: systemTimers, randomness: systemRandomness }, new AbortController().signal);
    }
  }
}
