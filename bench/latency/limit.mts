import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { Client } from 'pg';
import { percentilesOf } from '../statistics.mts';

export interface LimitOptions {
  readonly brokers: readonly string[];
  readonly url: string;
  readonly rounds: number;
}

const topics = ['bench.limit.1', 'bench.limit.2'] as const;

/**
 * What no design of this shape can be faster than: a commit, produce and consume, a commit, produce and consume, a commit;
 * no rows to speak of, no HTTP, one process. Answers with milliseconds.
 */
export async function measureLimit({ brokers, url, rounds }: LimitOptions): Promise<{ p50: number; p99: number }> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench-limit', logLevel: logLevel.NOTHING });
  await using _topics = await makeTopics(kafka);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS limit_row (id uuid PRIMARY KEY)');
  const commit = (): Promise<unknown> =>
    client.query({ name: 'row', text: 'INSERT INTO limit_row VALUES ($1)', values: [randomUUID()] });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({ groupId: `bench-limit-${randomUUID()}`, maxWaitTimeInMs: 100, minBytes: 1 });
  let arrived = (_topic: string): void => {};
  try {
    await producer.connect();
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics] });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.run({ autoCommit: false, eachMessage: async ({ topic }) => arrived(topic) });
    await joined;
    const hop = async (topic: string): Promise<void> => {
      const heard = new Promise<void>((resolve) => (arrived = (where) => where === topic && resolve()));
      await send(producer, topic);
      await heard;
    };
    const took: number[] = [];
    for (let i = 0; i < rounds + 20; i++) {
      const from = performance.now();
      await commit();
      await hop(topics[0]);
      await commit();
      await hop(topics[1]);
      await commit();
      if (i >= 20) took.push(performance.now() - from);
    }
    return percentilesOf(took);
  } finally {
    await Promise.all([consumer.disconnect(), producer.disconnect(), client.end()]);
  }
}

const send = (producer: Producer, topic: string): Promise<unknown> =>
  producer.send({ topic, acks: -1, messages: [{ value: Buffer.alloc(200) }] });

async function makeTopics(kafka: Kafka): Promise<AsyncDisposable> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })),
  });
  return {
    async [Symbol.asyncDispose]() {
      await admin.deleteTopics({ topics: [...topics] });
      await admin.disconnect();
    },
  };
}
