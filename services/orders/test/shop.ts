import { createHash, randomUUID } from 'node:crypto';
import { decode, encode, topicOf, topics, type Decoded, type EventsOf, type MessageType } from '@g-store/contracts';
import { createInProcessBroker, partitionFor } from '@g-store/messaging';
import type { Adapters } from '@g-store/service';
import {
  client,
  createDatabase,
  eventually,
  testTokens,
  type HttpClient,
  type TestDatabase,
  type TestTokens,
} from '@g-store/testing';
import { readOrdersSettings } from '../src/config.js';
import { ordersMigration } from '../src/migrations/001-orders.js';
import { placedByStaffMigration } from '../src/migrations/002-placed-by-staff.js';
import { startOrders } from '../src/service.js';

/** Orders through its own composition root, on a real PostgreSQL, with a broker in this process. */
export interface Shop extends AsyncDisposable {
  readonly http: HttpClient;
  readonly database: TestDatabase;
  readonly tokens: TestTokens;
  /** Of scope `orders`, named `till`. */
  readonly staffKey: string;
  /** A good key, but of scope `points`. */
  readonly pointsKey: string;
  readonly staffId: string;
  readonly staffToken: string;
  /** Publishes an event of another service. */
  tell<E extends object, C extends keyof E & string>(message: MessageType<E>, told: Told<E, C>): Promise<void>;
  /** The events published under a key, as soon as there are so many. */
  told<E extends object>(message: MessageType<E>, key: string, count: number): Promise<readonly Decoded<E>[]>;
  /** Whether the event of this key and version, of payments unless another topic is named, has been handled. */
  heard(key: string, version: number, topic?: string): Promise<boolean>;
  /** Why messages could not be handled: none in any of these tests. */
  parked(): Promise<readonly string[]>;
}

interface Told<E extends object, C extends keyof E & string> {
  readonly key: string;
  readonly owner: string;
  readonly version: number;
  readonly case: C;
  readonly value: EventsOf<MessageType<E>>[C];
}

export async function startShop(
  adapters: Partial<Adapters> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Shop> {
  const database = await createDatabase({ migrations: [ordersMigration, placedByStaffMigration] });
  const tokens = testTokens();
  const jwks = await tokens.serve();
  const partitions = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic.partitions]));
  const broker = createInProcessBroker({ partitions });
  const published: { readonly topic: string; readonly key: string; readonly value: Buffer }[] = [];
  const listening = await broker.readEverything({
    topics: [topics.orderEvents.name],
    since: 0,
    onBatch: ({ topic, records }) => {
      for (const { key, value } of records)
        published.push({ topic, key: String(key), value: value ?? Buffer.alloc(0) });
    },
  });
  const [staffKey, pointsKey] = [randomUUID(), randomUUID()];
  const staffId = randomUUID();
  const settings = readOrdersSettings({
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    JWKS_URL: jwks.jwksUrl,
    STAFF_API_KEYS: `till:${sha256(staffKey)}:orders,bonus:${sha256(pointsKey)}:points`,
    LOG_LEVELS: 'error',
    CHECK_ANSWERS: 'true',
    ...environment,
  });
  const served = await startOrders(settings, { ...adapters, broker });
  const http = client(served.url);
  await eventually(async () => (await http.get('/readyz')).status === 200, { within: 15_000 });

  return {
    http,
    database,
    tokens,
    staffKey,
    pointsKey,
    staffId,
    staffToken: tokens.issue({ sub: staffId, roles: ['customer', 'staff'] }),
    tell: async (message, { key, owner, version, ...told }) => {
      const topic = topicOf(message as unknown as MessageType<object>);
      const meta = {
        eventId: uuidV7(),
        aggregateId: key,
        aggregateVersion: version,
        owner,
        occurredAt: new Date(),
        correlationId: randomUUID(),
      };
      const partition = partitionFor(Buffer.from(key), topic.partitions);
      const value = encode(message, { meta, ...told });
      await broker.append([{ topic: topic.name, partition, key: Buffer.from(key), value }]);
    },
    told: (message, key, count) =>
      eventually(() => {
        const { name } = topicOf(message as unknown as MessageType<object>);
        const found = published.filter((record) => record.topic === name && record.key === key);
        if (found.length < count) throw new Error(`${found.length} of ${count} events have been published`);
        return found.map(({ value }) => decode(message, value));
      }),
    heard: async (key, version, topic = topics.paymentEvents.name) => {
      const rows = await database.sql`
        SELECT FROM stream WHERE topic = ${topic} AND key = ${key} AND version >= ${version}`;
      return rows.length === 1;
    },
    parked: async () => {
      const rows = await database.sql<{ why: string }>`SELECT concat_ws(' ', topic, key, error) AS why FROM parked`;
      return rows.map(({ why }) => why);
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await listening[Symbol.asyncDispose]();
      await broker.close();
      await jwks[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function uuidV7(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
