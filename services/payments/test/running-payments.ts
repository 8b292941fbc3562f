import { createHash, randomUUID } from 'node:crypto';
import { decode, PaymentEvent, topics } from '@g-store/contracts';
import type { Decoded, EventsOf } from '@g-store/contracts';
import { createInProcessBroker } from '@g-store/messaging';
import { client, createDatabase, eventually, testTokens } from '@g-store/testing';
import type { HttpClient } from '@g-store/testing';
import type { Adapters } from '@g-store/service';
import { readPaymentsSettings } from '../src/config.js';
import { paymentsMigration } from '../src/migrations/001-payments.js';
import { namesMigration } from '../src/migrations/002-names.js';
import { verifyPayments } from '../src/outbound/invariants.js';
import type { Violation } from '../src/outbound/invariants.js';
import { startPayments } from '../src/service.js';
import { ordersStandIn } from './orders-stand-in.js';

type Heard = Extract<Decoded<EventsOf<typeof PaymentEvent>>, { case: string }>;

export interface RunningPayments extends AsyncDisposable {
  readonly anonymous: HttpClient;
  readonly staff: HttpClient;
  readonly staffId: string;
  readonly operator: HttpClient;
  /** With a staff API key of the scope `orders`. */
  readonly machine: HttpClient;
  readonly orders: ReturnType<typeof ordersStandIn>;
  person(): { readonly userId: string; readonly http: HttpClient };
  /** What was told under a key, in order, once there is as much as expected. */
  toldOf(key: string, atLeast: number): Promise<readonly (Pick<Heard, 'case' | 'value'> & { version: number })[]>;
  /** Who paid in for this user, top-up by top-up; null for the user. */
  payersOf(userId: string): Promise<readonly (string | null)[]>;
  stateOf(orderId: string): Promise<string | undefined>;
  /** Sum of the postings of a ledger account: `wallet:…`, `clearing:…`, `revenue`, `world`. */
  balanceOf(account: string): Promise<bigint>;
  /** Makes a balance that would take thousands of top-ups, by the same rules. */
  fillWallet(userId: string, balance: bigint): Promise<void>;
  violations(): Promise<readonly Violation[]>;
}

/** The whole service on a database of its own, with a broker in this process in which a test stands in for orders. */
export async function startPaymentsForTest(adapters: Partial<Adapters> = {}): Promise<RunningPayments> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createDatabase({ migrations: [paymentsMigration, namesMigration] }));
  const tokens = testTokens();
  const keys = starting.use(await tokens.serve());
  const [staffKey, staffId] = [randomUUID(), randomUUID()];
  const partitions = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic.partitions]));
  const broker = createInProcessBroker({ partitions });
  starting.defer(() => broker.close());

  const heard: Heard[] = [];
  const reading = await broker.readEverything({
    topics: [topics.paymentEvents.name],
    since: 0,
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const event = decode(PaymentEvent, value ?? Buffer.alloc(0));
        if (event.case !== undefined) heard.push(event);
      }
    },
  });
  starting.use(reading);
  const settings = readPaymentsSettings({
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    JWKS_URL: keys.jwksUrl,
    STAFF_API_KEYS: `robot:${createHash('sha256').update(staffKey).digest('hex')}:orders`,
    LOG_LEVELS: 'error',
    CHECK_ANSWERS: 'on',
  });
  const service = starting.use(await startPayments(settings, { broker, ...adapters }));
  const { url } = service;
  await eventually(async () => expect((await client(url).get('/readyz')).status).toBe(200));

  const running = starting.move();
  return {
    anonymous: client(url),
    staff: client(url, { token: tokens.issue({ sub: staffId, roles: ['customer', 'staff'] }) }),
    staffId,
    operator: client(url, { token: tokens.issue({ sub: randomUUID(), roles: ['operator'] }) }),
    machine: client(url, { staffKey }),
    orders: ordersStandIn(broker),
    person: () => {
      const userId = randomUUID();
      return { userId, http: client(url, { token: tokens.issue({ sub: userId }) }) };
    },
    toldOf: (key, atLeast) =>
      eventually(() => {
        const told = heard.filter(({ meta }) => meta.aggregateId === key);
        expect(told.length).toBeGreaterThanOrEqual(atLeast);
        return told.map(({ meta, case: name, value }) => ({ case: name, value, version: meta.aggregateVersion }));
      }),
    payersOf: async (userId) => {
      const rows = await database.sql<{ actor: string | null }>`
        SELECT actor FROM transfer WHERE user_id = ${userId} AND kind = 'top_up' ORDER BY wallet_version`;
      return rows.map(({ actor }) => actor);
    },
    stateOf: async (orderId) =>
      (await database.sql<{ state: string }>`SELECT state FROM payment WHERE order_id = ${orderId}`)[0]?.state,
    balanceOf: async (account) => {
      const [row] = await database.sql<{
        sum: string | null;
      }>`SELECT sum(amount)::text FROM posting WHERE account = ${account}`;
      return BigInt(row?.sum ?? 0);
    },
    fillWallet: async (userId, balance) => {
      await database.sql`
        WITH w AS (SELECT version, balance FROM wallet WHERE user_id = ${userId}),
             piece AS (SELECT least(1000000000000, ${balance}::bigint - w.balance - (n - 1) * 1000000000000) AS amount, w.version + n AS version
                       FROM w, generate_series(1, ceil((${balance}::bigint - w.balance) / 1e12)::int) n),
             paid AS (INSERT INTO transfer (id, kind, amount, user_id, wallet_version, balance_after, at)
                      SELECT gen_random_uuid(), 'top_up', amount, ${userId}, piece.version,
                             w.balance + sum(amount) OVER (ORDER BY piece.version), now() FROM w, piece
                      RETURNING wallet_version)
        UPDATE wallet SET balance = ${balance}::bigint, version = (SELECT max(wallet_version) FROM paid) WHERE user_id = ${userId}`;
    },
    violations: async () => {
      const connection = await database.pool.connect();
      try {
        return await verifyPayments(connection);
      } finally {
        connection.release();
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
