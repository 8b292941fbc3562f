import { createHash, randomUUID } from 'node:crypto';
import {
  AccrualEvent,
  decode,
  encode,
  IdentityEvent,
  OrderEvent,
  PointsEvent,
  topicOf,
  topics,
} from '@g-store/contracts';
import type { Decoded, EventsOf, MessageType } from '@g-store/contracts';
import { createInProcessBroker, partitionFor } from '@g-store/messaging';
import { createIds, systemClock } from '@g-store/runtime';
import { client, createDatabase, eventually, testTokens } from '@g-store/testing';
import type { HttpClient, HttpOptions, TestDatabase, TestTokens } from '@g-store/testing';
import { readPointsSettings } from '../src/config.js';
import { pointsMigration } from '../src/migrations/001-points.js';
import { uploadsMigration } from '../src/migrations/002-uploads.js';
import { verifyPoints } from '../src/outbound/invariants.js';
import type { Violation } from '../src/outbound/invariants.js';
import { startPoints } from '../src/service.js';

type Heard = Extract<Decoded<EventsOf<typeof PointsEvent>>, { case: string }>;

export interface Story {
  readonly id: string;
  readonly number: string;
  readonly owner: string;
  readonly points: bigint;
}

export interface RunningPoints extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly tokens: TestTokens;
  readonly url: string;
  readonly anonymous: HttpClient;
  readonly staff: HttpClient;
  /** With a staff API key of the scope `points`. */
  readonly machine: HttpClient;
  /** With a good staff API key of another scope. */
  readonly stranger: HttpClient;
  /** Ends the service as SIGTERM does, and begins another one on the same database and broker. */
  stop(): Promise<void>;
  start(): Promise<void>;
  person(): { readonly userId: string; readonly http: HttpClient };
  /** Points of a new customer, by hand of staff; and an order that wants to spend some. */
  customer(points: number): Promise<{ userId: string; http: HttpClient; order(points: bigint): Story }>;
  readonly orders: {
    created(order: Story, version?: number): Promise<void>;
    cancelled(order: Story, version: number): Promise<void>;
  };
  rewarded(order: Story, points: bigint, version?: number): Promise<void>;
  /** Somebody signed out at that time. */
  signedOut(user: { readonly userId: string; readonly sessionId: string }, occurredAt: Date): Promise<void>;
  /** What was told under a key, in order, once there is as much as expected. */
  toldOf(key: string, atLeast: number): Promise<readonly (Pick<Heard, 'case' | 'value'> & { version: number })[]>;
  fateOf(requestId: string): Promise<Fate>;
  balanceOf(accountId: string): Promise<bigint>;
  /** What breaks an invariant, and every message that was parked: none is, in any of these tests. */
  violations(): Promise<readonly (Violation | { readonly parked: string })[]>;
}

export interface Fate {
  readonly status: string;
  readonly reason?: string;
  readonly total_point?: number;
  readonly accepted_at: string;
  readonly decided_at?: string;
}

/** The whole service on a database of its own, with a broker in this process in which a test stands in for the others. */
export async function startPointsForTest({ accrualAddress = '' } = {}): Promise<RunningPoints> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createDatabase({ migrations: [pointsMigration, uploadsMigration] }));
  const tokens = testTokens();
  const keys = starting.use(await tokens.serve());
  const [staffKey, ordersKey] = [randomUUID(), randomUUID()];
  const digest = (key: string) => createHash('sha256').update(key).digest('hex');
  const partitions = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic.partitions]));
  const broker = createInProcessBroker({ partitions });
  starting.defer(() => broker.close());

  const heard: Heard[] = [];
  const reading = await broker.readEverything({
    topics: [topics.pointsEvents.name],
    since: 0,
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const event = decode(PointsEvent, value ?? Buffer.alloc(0));
        if (event.case !== undefined) heard.push(event);
      }
    },
  });
  starting.use(reading);

  const ids = createIds(systemClock);
  const toldBefore = new Map<string, Buffer>();
  const tell = async <E extends object, C extends keyof E & string>(
    message: MessageType<E>,
    {
      key,
      owner,
      version,
      occurredAt = new Date(),
    }: { key: string; owner: string; version: number; occurredAt?: Date },
    name: C,
    value: E[C],
  ): Promise<void> => {
    const meta = {
      eventId: ids.next(),
      aggregateId: key,
      aggregateVersion: version,
      owner,
      occurredAt,
      correlationId: randomUUID(),
    };
    const { name: topic, partitions: count } = topicOf(message);
    const keyBytes = Buffer.from(key);
    const record = { topic, partition: partitionFor(keyBytes, count), key: keyBytes };
    const same = `${topic} ${key} ${version}`; // told again it is the same event, byte for byte
    const bytes = toldBefore.get(same) ?? encode(message, { meta, case: name, value });
    toldBefore.set(same, bytes);
    await broker.append([{ ...record, value: bytes }]);
  };

  const settings = readPointsSettings({
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    JWKS_URL: keys.jwksUrl,
    STAFF_API_KEYS: `robot:${digest(staffKey)}:points,till:${digest(ordersKey)}:orders`,
    LOG_LEVELS: 'error',
    CHECK_ANSWERS: 'on',
    ...(accrualAddress && { ACCRUAL_SYSTEM_ADDRESS: accrualAddress, ACCRUAL_SYSTEM_KEY: 'the key of points' }),
  });
  let service = await startPoints(settings, { broker });
  starting.defer(() => service[Symbol.asyncDispose]());
  const as = (options: HttpOptions = {}) => client(service.url, options);
  const untilReady = () => eventually(async () => expect((await as().get('/readyz')).status).toBe(200));
  await untilReady();

  const running = starting.move();
  const staffToken = tokens.issue({ roles: ['customer', 'staff'] });
  const person = () => {
    const userId = randomUUID();
    return { userId, http: as({ token: tokens.issue({ sub: userId }) }) };
  };
  const order = (owner: string, points: bigint): Story => ({
    id: randomUUID(),
    number: String(BigInt(`0x${randomUUID().slice(0, 8)}`) + 10_000_000_000n),
    owner,
    points,
  });

  return {
    database,
    tokens,
    get url() {
      return service.url;
    },
    get anonymous() {
      return as();
    },
    get staff() {
      return as({ token: staffToken });
    },
    get machine() {
      return as({ staffKey });
    },
    get stranger() {
      return as({ staffKey: ordersKey });
    },
    stop: async () => service[Symbol.asyncDispose](),
    start: async () => {
      service = await startPoints(settings, { broker });
      await untilReady();
    },
    person,
    customer: async (points) => {
      const { userId, http } = person();
      if (points > 0)
        await as({ token: staffToken }).post(`/v1/accounts/${userId}/adjustments`, {
          amount: points,
          reason: 'a gift',
        });
      return { userId, http, order: (spent) => order(userId, spent) };
    },
    orders: {
      created: ({ id, number, owner, points }, version = 1) =>
        tell(OrderEvent, { key: id, owner, version }, 'created', {
          number,
          amount: 100_000n,
          currency: 'RUB',
          pointsToSpend: points,
          items: [],
        }),
      cancelled: ({ id, owner }, version) =>
        tell(OrderEvent, { key: id, owner, version }, 'cancelled', {
          reason: 'CHANGED_MIND',
          source: 'CUSTOMER',
          previousStatus: 'PENDING',
          actor: owner,
        }),
    },
    rewarded: ({ id, number, owner }, points, version = 1) =>
      tell(AccrualEvent, { key: number, owner, version }, 'rewardCalculated', {
        orderNumber: number,
        orderId: id,
        points,
      }),
    signedOut: ({ userId, sessionId }, occurredAt) =>
      tell(IdentityEvent, { key: userId, owner: userId, version: 1, occurredAt }, 'sessionRevoked', { sessionId }),
    toldOf: (key, atLeast) =>
      eventually(() => {
        const told = heard.filter(({ meta }) => meta.aggregateId === key);
        expect(told.length).toBeGreaterThanOrEqual(atLeast);
        return told.map(({ meta, case: name, value }) => ({ case: name, value, version: meta.aggregateVersion }));
      }),
    fateOf: (requestId) =>
      eventually(async () => {
        const { body } = await as({ staffKey }).get<{ data: Fate }>(`/v1/point/requests/${requestId}`);
        expect(body.data.status).not.toBe('PENDING');
        return body.data;
      }),
    balanceOf: async (accountId) => {
      const rows = await database.sql<{ balance: string }>`
        SELECT balance::text FROM points_account WHERE account_id = ${accountId}`;
      return BigInt(rows[0]?.balance ?? 0);
    },
    violations: async () => {
      const connection = await database.pool.connect();
      try {
        const parked = await database.sql<{
          parked: string;
        }>`SELECT concat_ws(' ', topic, key, error) AS parked FROM parked`;
        return [...(await verifyPoints(connection)), ...parked];
      } finally {
        connection.release();
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
