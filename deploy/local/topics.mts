import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import kafkajs, { type Admin } from 'kafkajs';
import { brokersOf } from './kafka.mts';
import type { Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

export interface WantedTopic {
  readonly name: string;
  /** The service that tells its events. */
  readonly owner: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

const catalogue = (stack: Stack): string => join(stack.root, 'packages', 'contracts', 'dist', 'index.js');
export const topicsBuilt = (stack: Stack): boolean => existsSync(catalogue(stack));

/** The topics of the contracts as they were built. */
export async function wantedTopics(stack: Stack): Promise<readonly WantedTopic[]> {
  const contracts = (await import(pathToFileURL(catalogue(stack)).href)) as {
    topics: Readonly<Record<string, WantedTopic>>;
  };
  return Object.values(contracts.topics);
}

/** Metadata comes back: an open port alone is not a Kafka that works. */
export const kafkaAnswers = (stack: Stack): Promise<boolean> =>
  withAdmin(stack, async (admin) => (await admin.describeCluster()).brokers.length > 0).catch(() => false);

/** Creates what is missing. @throws StackRefused when a topic has another number of partitions: its keys would split */
export async function makeTopics(stack: Stack, wanted: readonly WantedTopic[]): Promise<{ readonly made: number }> {
  return withAdmin(stack, async (admin) => {
    const known = new Set(await admin.listTopics());
    const missing = wanted.filter(({ name }) => !known.has(name));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ name, partitions, retentionMs }) => ({
          topic: name,
          numPartitions: partitions,
          configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
        })),
      });
    }
    await checkPartitions(admin, wanted);
    const older = wanted.filter(({ name }) => known.has(name));
    if (older.length > 0) await setRetention(admin, older);
    return { made: missing.length };
  });
}

async function checkPartitions(admin: Admin, wanted: readonly WantedTopic[]): Promise<void> {
  if (wanted.length === 0) return;
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ name }) => name) });
  const countByName = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const faults = wanted
    .filter(({ name, partitions }) => countByName.get(name) !== partitions)
    .map(
      ({ name, partitions }) =>
        `topic ${name} has ${countByName.get(name)} partitions, the catalogue says ${partitions}`,
    );
  if (faults.length > 0) {
    throw new StackRefused(
      `${faults.join('\n')}\nA topic keeps its count for life. Give the new one another name, or make clean.`,
    );
  }
}

const setRetention = (admin: Admin, wanted: readonly WantedTopic[]): Promise<unknown> =>
  admin.alterConfigs({
    validateOnly: false,
    resources: wanted.map(({ name, retentionMs }) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
    })),
  });

async function withAdmin<T>(stack: Stack, use: (admin: Admin) => Promise<T>): Promise<T> {
  const kafka = new Kafka({
    clientId: 'stack',
    brokers: brokersOf(stack).split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
