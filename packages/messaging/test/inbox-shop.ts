import { randomUUID } from 'node:crypto';
import { encode, OrderEvent, PaymentEvent, type OrderStatus } from '@g-store/contracts';
import { createIds, systemClock } from '@g-store/runtime';
import { createDatabase, type TestDatabase } from '@g-store/testing';
import {
  announce,
  createParkingFor,
  on,
  startConsumer,
  type ConsumerOptions,
  type HeardRecord,
  type Rows,
  type Subscription,
} from '../src/index.js';
import { handBroker } from './hand-broker.js';
import { diary, jars, parts, shelf, shelfTables, type Jar } from './shelf.js';

export const ids = createIds(systemClock);

/** What the shop does here: every event is written into the diary of its jar; a cancellation empties the jar, and is final. */
const writeDown = async (rows: Rows, id: string, note: object): Promise<void> => {
  const jar = await rows.find(jars, { id });
  if (jar) rows.update(jars, { ...jar, amount: jar.amount + 1n, version: jar.version + 1 });
  else rows.insert(jars, { id, label: id, amount: 1n, version: 1 });
  rows.insert(diary, { id: rows.newId(), jarId: id, note, at: rows.now });
};

export interface Trouble {
  /** Throws for as long as it says so. */
  of: (key: string, version: number) => boolean;
  /** An SQL fault of the effect itself. */
  sql?: (key: string, version: number) => boolean;
}

/** As JSON can hold it. */
const whence = ({ topic, partition, offset, raw }: HeardRecord) => ({
  topic,
  partition,
  offset: String(offset),
  raw: raw.toString('base64'),
});

const subscriptions = (trouble: Trouble, repeated: (eventId: string) => void): readonly Subscription<Rows>[] => [
  on(
    OrderEvent,
    'statusChanged',
    async (rows, { to }, { aggregateId, aggregateVersion }, record) => {
      if (trouble.of(aggregateId, aggregateVersion)) throw new Error('cannot read this');
      const { attempts = 1 } = rows.cause;
      await writeDown(rows, aggregateId, { version: aggregateVersion, to, from: whence(record), attempts });
      const jar = (await rows.find(jars, { id: aggregateId })) as Jar;
      if (trouble.sql?.(aggregateId, aggregateVersion)) rows.update(jars, { ...jar, amount: -5n });
    },
    {
      announce: (_value, { aggregateId }) => [announce(jars, { id: aggregateId })],
      repeated: async (_rows, { eventId }) => repeated(eventId),
    },
  ),
  on(
    OrderEvent,
    'cancelled',
    (rows, _value, { aggregateId, aggregateVersion }) =>
      writeDown(rows, aggregateId, { version: aggregateVersion, cancelled: true }),
    { final: true },
  ),
  on(PaymentEvent, 'refunded', (rows, _value, { aggregateId, aggregateVersion }) =>
    writeDown(rows, aggregateId, { version: aggregateVersion, refunded: true }),
  ),
];

export const meta = (key: string, version: number, eventId: string) => ({
  eventId,
  aggregateId: key,
  aggregateVersion: version,
  owner: 'u',
  occurredAt: new Date(),
  correlationId: 'c',
});
export const message = (key: string, version: number, eventId: string, to: OrderStatus = 'PAID'): Buffer =>
  encode(OrderEvent, {
    meta: meta(key, version, eventId),
    case: 'statusChanged',
    value: { from: 'PENDING', to, actor: 'system' },
  });

/** For all tests of a file: a shop with an inbox, on a database of the file's own. */
export function inboxShop() {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createDatabase({ migrations: [shelf] })));
  afterAll(() => database.drop());

  async function start(
    options: {
      trouble?: Trouble;
      repeated?: (eventId: string) => void;
      earliest?: bigint;
      consumer?: string;
      connections?: number;
    } = {},
  ) {
    const trouble = options.trouble ?? { of: () => false };
    const hands = handBroker(options.earliest === undefined ? {} : { earliest: options.earliest });
    const consumerOptions: ConsumerOptions<Rows> = {
      name: options.consumer ?? randomUUID(),
      databaseUrl: database.url,
      broker: hands.broker,
      subscriptions: subscriptions(trouble, options.repeated ?? (() => undefined)),
      workIn: (rows) => rows,
      tables: shelfTables,
      ...(options.connections !== undefined && { connections: options.connections }),
      ...parts(),
      timers: { ...parts().timers, sleep: () => Promise.resolve() },
    };
    const consumer = await startConsumer(consumerOptions);
    const parking = createParkingFor(consumerOptions, database.pool);
    return {
      ...hands,
      name: consumerOptions.name,
      parking,
      told: (key: string, version: number, eventId = ids.next()) => hands.record(key, message(key, version, eventId)),
      cancelled: (key: string, version: number) =>
        hands.record(
          key,
          encode(OrderEvent, {
            meta: meta(key, version, ids.next()),
            case: 'cancelled',
            value: { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u' },
          }),
        ),
      async [Symbol.asyncDispose]() {
        await consumer[Symbol.asyncDispose]();
        await parking[Symbol.asyncDispose]();
      },
    };
  }

  const versionsIn = async (key: string): Promise<readonly number[]> =>
    (
      await database.sql<{
        version: number;
      }>`SELECT (note->>'version')::int AS version FROM diary WHERE jar_id = ${key} ORDER BY id`
    ).map(({ version }) => version);
  /** Of each version in its turn, how often it was tried. */
  const attemptsIn = async (key: string): Promise<readonly number[]> =>
    (
      await database.sql<{
        attempts: number;
      }>`SELECT (note->>'attempts')::int AS attempts FROM diary WHERE jar_id = ${key} ORDER BY id`
    ).map(({ attempts }) => attempts);
  const amountIn = async (key: string): Promise<number> =>
    Number((await database.sql`SELECT amount FROM jar WHERE id = ${key}`)[0]?.['amount'] ?? 0);
  const parkedOf = (name: string) =>
    database.sql<{
      key: string;
      version: number | null;
      reason: string;
      state: string;
    }>`SELECT key, version, reason, state FROM parked WHERE consumer = ${name} ORDER BY id`;

  return {
    start,
    versionsIn,
    attemptsIn,
    amountIn,
    parkedOf,
    sql: ((...query) => database.sql(...query)) as TestDatabase['sql'],
  };
}
