import { hash, randomUUID } from 'node:crypto';
import kafkajs, { type Kafka } from 'kafkajs';
import type { ReadEvent, TopicFacts, TopicRecord } from './facts.mts';
import { built, ToolRefused } from './where.mts';

const { Kafka: Client, logLevel } = kafkajs;

/** How packages/contracts reads events, as it was built. */
export interface Contracts {
  readonly topics: Readonly<Record<string, CatalogueTopic>>;
  readonly decode: (message: object, bytes: Uint8Array) => Decoded;
}

export interface CatalogueTopic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  readonly owner: string;
  readonly message: object;
  readonly retentionMs: number;
}

interface Decoded {
  readonly meta: { readonly eventId: string; readonly aggregateVersion: number; readonly owner: string };
  readonly case: string | undefined;
  readonly value?: object;
}

export const builtContracts = (): Promise<Contracts> => built('packages/contracts/dist/index.js');

export type Ends = TopicFacts['ends'];

export const createClient = (brokers: readonly string[]): Kafka =>
  new Client({
    clientId: 'verify',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { retries: 5, initialRetryTime: 200 },
  });

export interface Cluster {
  readonly id: string;
  readonly endsByTopic: ReadonlyMap<string, Ends>;
}

/** @throws ToolRefused when Kafka is away or a topic is missing */
export async function askCluster(kafka: Kafka, topics: readonly CatalogueTopic[]): Promise<Cluster> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const endsByTopic = new Map<string, Ends>();
    for (const { name } of topics) {
      const offsets = await admin.fetchTopicOffsets(name);
      const ends = offsets.map(
        ({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }] as const,
      );
      endsByTopic.set(name, new Map(ends));
    }
    return { id: (await admin.describeCluster()).clusterId, endsByTopic };
  } catch (error) {
    throw new ToolRefused(`Kafka does not answer: ${(error as Error).message}`);
  } finally {
    await admin.disconnect();
  }
}

/** Everything that the topics hold between their ends, each partition in order. */
export async function readTopics(
  kafka: Kafka,
  { decode }: Contracts,
  catalogue: readonly CatalogueTopic[],
  { endsByTopic }: Cluster,
  progress: (records: number) => void,
): Promise<readonly TopicFacts[]> {
  const topics = catalogue.map((topic) => ({
    ...topic,
    ends: endsByTopic.get(topic.name) ?? new Map(),
    records: [] as TopicRecord[],
  }));
  const open = new Set<string>();
  for (const { name, ends } of topics)
    for (const [partition, { low, high }] of ends) if (high > low) open.add(`${name}/${partition}`);
  const facts = () => topics.map(({ name, retentionMs, ends, records }) => ({ name, retentionMs, ends, records }));
  if (open.size === 0) return facts();

  // A group of its own that commits nothing leaves nothing behind.
  const consumer = kafka.consumer({ groupId: `verify-${randomUUID()}`, maxWaitTimeInMs: 100, sessionTimeout: 30_000 });
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  consumer.on('consumer.crash', ({ payload }) => reject(new ToolRefused(`Kafka: ${payload.error.message}`)));
  let records = 0;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map(({ name }) => name), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const topic = topics.find(({ name }) => name === batch.topic);
        const end = topic?.ends.get(batch.partition)?.high ?? 0n;
        for (const { key, value, offset } of batch.messages) {
          if (topic === undefined || BigInt(offset) >= end) continue;
          const of = { partition: batch.partition, offset: BigInt(offset), key: String(key) };
          topic.records.push(toRecord(of, value ?? Buffer.alloc(0), (bytes) => decode(topic.message, bytes)));
          records += 1;
        }
        progress(records);
        if (BigInt(batch.lastOffset()) + 1n >= end) open.delete(`${batch.topic}/${batch.partition}`);
        if (open.size === 0) resolve();
      },
    });
    await done;
  } finally {
    await consumer.disconnect();
  }
  return facts();
}

export const digestOf = (bytes: Uint8Array): string => hash('md5', bytes);

function toRecord(
  of: Pick<TopicRecord, 'partition' | 'offset' | 'key'>,
  bytes: Buffer,
  decode: (bytes: Buffer) => Decoded,
): TopicRecord {
  const record = { ...of, digest: digestOf(bytes) };
  try {
    return { ...record, event: toEvent(decode(bytes)) };
  } catch {
    return record;
  }
}

const toEvent = ({ meta, ...told }: Decoded): ReadEvent => ({
  id: meta.eventId,
  version: meta.aggregateVersion,
  owner: meta.owner,
  case: told.case,
  value: (told.value ?? {}) as ReadEvent['value'],
});
