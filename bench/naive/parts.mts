/** What the three naive services have in common: a transaction each, an outbox table with a mark, a poll every 500 ms. */
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { Pool, type PoolClient } from 'pg';

const POLL_MS = 500;
const PAGE = 100;

// kafkajs asks for timers in the past, on which Node remarks each time.
process.removeAllListeners('warning').on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') console.warn(warning);
});

export interface Part {
  readonly pool: Pool;
  transaction<T>(run: (client: PoolClient) => Promise<T>): Promise<T>;
  /** A row for the poll to find. */
  tell(client: PoolClient, topic: string, key: string, event: object): Promise<unknown>;
  /** Each message in a transaction of its own, which also notes that it was handled. */
  hear<E>(topic: string, handle: (client: PoolClient, event: E) => Promise<void>): Promise<void>;
}

export async function startPart(name: string, url: string, brokers: readonly string[], tables: string): Promise<Part> {
  const pool = new Pool({ connectionString: url, max: 10 });
  await pool.query(`${tables};
    CREATE TABLE ${name}_outbox (id bigserial PRIMARY KEY, topic text NOT NULL, key text NOT NULL, body text NOT NULL, sent_at timestamptz);
    CREATE INDEX ON ${name}_outbox (id) WHERE sent_at IS NULL;
    CREATE TABLE ${name}_inbox (event_id uuid PRIMARY KEY)`);
  const kafka = new Kafka({ brokers: [...brokers], clientId: `naive-${name}`, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();

  const transaction: Part['transaction'] = async (run) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await run(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };

  const publish = (): Promise<number> =>
    transaction(async (client) => {
      const { rows } = await client.query<{ id: string; topic: string; key: string; body: string }>(
        `SELECT id, topic, key, body FROM ${name}_outbox WHERE sent_at IS NULL ORDER BY id LIMIT ${PAGE} FOR UPDATE SKIP LOCKED`,
      );
      if (rows.length === 0) return 0;
      const topicMessages = [...new Set(rows.map(({ topic }) => topic))].map((topic) => ({
        topic,
        messages: rows.filter((row) => row.topic === topic).map(({ key, body }) => ({ key, value: body })),
      }));
      await producer.sendBatch({ acks: -1, topicMessages });
      await client.query(`UPDATE ${name}_outbox SET sent_at = now() WHERE id = ANY ($1)`, [rows.map(({ id }) => id)]);
      return rows.length;
    });
  const poll = async (): Promise<void> => {
    while ((await publish()) === PAGE); // a full page: there is more
    setTimeout(() => void poll(), POLL_MS);
  };
  void poll();

  return {
    pool,
    transaction,
    tell: (client, topic, key, event) =>
      client.query(`INSERT INTO ${name}_outbox (topic, key, body) VALUES ($1, $2, $3)`, [
        topic,
        key,
        JSON.stringify({ eventId: randomUUID(), ...event }),
      ]),
    async hear<E>(topic: string, handle: (client: PoolClient, event: E) => Promise<void>) {
      const consumer = kafka.consumer({ groupId: `naive-${name}`, maxWaitTimeInMs: 100 });
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
      await consumer.run({
        eachMessage: async ({ message }) => {
          const event = JSON.parse(String(message.value)) as E & { eventId: string };
          await transaction(async (client) => {
            const insert = `INSERT INTO ${name}_inbox VALUES ($1) ON CONFLICT DO NOTHING`;
            if ((await client.query(insert, [event.eventId])).rowCount === 1) await handle(client, event);
          });
        },
      });
      await joined;
    },
  };
}

export interface Placed {
  readonly orderId: string;
  readonly userId: string;
  readonly amount: number;
}

export interface Changed {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
}

export const naiveTopics = ['bench.naive.orders', 'bench.naive.payments', 'bench.naive.news'] as const;
