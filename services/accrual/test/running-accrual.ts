import { createHash, randomUUID } from 'node:crypto';
import { AccrualEvent, decode, encode, OrderEvent, topicOf, topics } from '@g-store/contracts';
import type { Decoded, EventsOf } from '@g-store/contracts';
import { createInProcessBroker, partitionFor } from '@g-store/messaging';
import { createIds, systemClock } from '@g-store/runtime';
import { client, createDatabase, eventually, testTokens } from '@g-store/testing';
import type { HttpClient, TestDatabase } from '@g-store/testing';
import { withLuhnDigit } from '@g-store/values';
import { readAccrualSettings } from '../src/config.js';
import { accrualMigrations } from '../src/migrations.js';
import { startAccrual } from '../src/service.js';

type Orders = EventsOf<typeof OrderEvent>;
type Heard = Extract<Decoded<EventsOf<typeof AccrualEvent>>, { case: string }>;

export interface RunningAccrual extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  readonly anonymous: HttpClient;
  readonly customer: HttpClient;
  readonly staff: HttpClient;
  /** With a staff API key of the scope `accrual`. */
  readonly machine: HttpClient;
  /** With a good staff API key of another scope. */
  readonly stranger: HttpClient;
  /** What orders tells of one order, in its versions. */
  tell<C extends keyof Orders>(
    order: { readonly id: string; readonly owner: string },
    version: number,
    name: C,
    value: Orders[C],
  ): Promise<{ readonly eventId: string; readonly correlationId: string }>;
  /** The rewards told under an order number, as soon as there is one. */
  rewards(number: string): Promise<readonly Pick<Heard, 'meta' | 'value'>[]>;
  /** How far the events of an order were heard. */
  heard(orderId: string, version: number): Promise<unknown>;
}

export const newNumber = (): string => withLuhnDigit(String(BigInt(`0x${randomUUID().slice(0, 13).replace('-', '')}`)));

/** The whole service on a database of its own, with a broker in this process in which a test stands in for orders. */
export async function startAccrualForTest({ perMinute = 100_000, open = false } = {}): Promise<RunningAccrual> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createDatabase({ migrations: accrualMigrations }));
  const tokens = testTokens();
  const keys = starting.use(await tokens.serve());
  const [staffKey, ordersKey] = [randomUUID(), randomUUID()];
  const digest = (key: string) => createHash('sha256').update(key).digest('hex');
  const partitions = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic.partitions]));
  const broker = createInProcessBroker({ partitions });
  starting.defer(() => broker.close());

  const told: Heard[] = [];
  const reading = await broker.readEverything({
    topics: [topics.accrualEvents.name],
    since: 0,
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const event = decode(AccrualEvent, value ?? Buffer.alloc(0));
        if (event.case !== undefined) told.push(event);
      }
    },
  });
  starting.use(reading);

  const settings = readAccrualSettings({
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    JWKS_URL: keys.jwksUrl,
    STAFF_API_KEYS: `robot:${digest(staffKey)}:accrual,till:${digest(ordersKey)}:orders`,
    LOG_LEVELS: 'error',
    CHECK_ANSWERS: 'on',
    ACCRUAL_REQUESTS_PER_MINUTE: String(perMinute),
  });
  const { url } = starting.use(await startAccrual(settings, { broker }, { open }));
  await eventually(async () => expect((await client(url).get('/readyz')).status).toBe(200), { within: 20_000 });

  const ids = createIds(systemClock);
  const running = starting.move();
  return {
    url,
    database,
    anonymous: client(url),
    customer: client(url, { token: tokens.issue() }),
    staff: client(url, { token: tokens.issue({ roles: ['customer', 'staff'] }) }),
    machine: client(url, { staffKey }),
    stranger: client(url, { staffKey: ordersKey }),
    tell: async ({ id, owner }, version, name, value) => {
      const meta = {
        eventId: ids.next(),
        aggregateId: id,
        aggregateVersion: version,
        owner,
        occurredAt: new Date(),
        correlationId: randomUUID(),
      };
      const { name: topic, partitions: count } = topicOf(OrderEvent);
      const key = Buffer.from(id);
      const partition = partitionFor(key, count);
      await broker.append([{ topic, partition, key, value: encode(OrderEvent, { meta, case: name, value }) }]);
      return meta;
    },
    rewards: (number) =>
      eventually(() => {
        const found = told.filter(({ meta }) => meta.aggregateId === number);
        expect(found.length).toBeGreaterThan(0);
        return found;
      }),
    heard: (orderId, version) =>
      eventually(async () => {
        const rows = await database.sql`SELECT FROM stream WHERE key = ${orderId} AND version >= ${version}`;
        return rows.length === 1;
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
