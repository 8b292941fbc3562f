import type {
  ConsumerFacts,
  HistoryFact,
  JournalFact,
  NotifiedFact,
  OrderFact,
  OutboxFact,
  PaymentFact,
} from './facts.mts';
import type { Database } from './databases.mts';
import type { Violation } from './finding.mts';
import type { LedgerFacts } from './money.mts';
import type { CatalogueTopic } from './topics.mts';
import { built } from './where.mts';

interface LedgerQueries {
  readonly paymentInvariants: Readonly<Record<keyof LedgerFacts['broken'], string>>;
  readonly paymentsByOrder: string;
}

const ledgerQueries = (): Promise<LedgerQueries> => built('services/payments/dist/outbound/invariants.js');

export const readOrders = (orders: Database): Promise<readonly OrderFact[]> =>
  orders.rows(`SELECT id, user_id AS owner, amount, points_to_spend AS "pointsToSpend", status,
    cancellation_reason AS reason, version,
    (SELECT amount FROM order_part WHERE order_id = id AND part = 'reward') AS earned FROM orders`);

export const readHistories = (orders: Database): Promise<readonly HistoryFact[]> =>
  all(
    orders.pages<HistoryFact>(
      (after) => `SELECT order_id AS "orderId", version, status, reason FROM order_history
        ${after === null ? '' : `WHERE (order_id, version) > (split_part($1, '/', 1)::uuid, split_part($1, '/', 2)::integer)`}
        ORDER BY order_id, version`,
      ({ orderId, version }) => `${orderId}/${version}`,
    ),
  );

export async function readLedger(payments: Database): Promise<LedgerFacts> {
  const { paymentInvariants } = await ledgerQueries();
  const broken = await brokenIn(payments, paymentInvariants);
  const counts = await payments.one<Record<'postings' | 'wallets' | 'transfers' | 'payments', bigint>>(
    `SELECT (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM wallet) AS wallets,
       (SELECT count(*) FROM transfer) AS transfers, (SELECT count(*) FROM payment) AS payments`,
  );
  return {
    broken,
    postings: Number(counts.postings),
    wallets: Number(counts.wallets),
    transfers: Number(counts.transfers),
    payments: Number(counts.payments),
  };
}

/** What a service's own invariants find wrong in its database, each a query that answers with what breaks it. */
export async function brokenIn<Id extends string>(
  database: Database,
  invariants: Readonly<Record<Id, string>>,
): Promise<Readonly<Record<Id, readonly Violation[]>>> {
  const broken: [string, readonly Violation[]][] = [];
  for (const [id, text] of Object.entries<string>(invariants)) {
    const rows = await database.rows<{ what: string; is: string; should_be: string }>(text);
    broken.push([id, rows.map(({ should_be, ...row }) => ({ ...row, shouldBe: should_be }))]);
  }
  return Object.fromEntries(broken) as Record<Id, readonly Violation[]>;
}

export async function readPayments(payments: Database): Promise<readonly PaymentFact[]> {
  const { paymentsByOrder } = await ledgerQueries();
  const rows = await payments.rows<Omit<PaymentFact, 'orderId'> & { order_id: string }>(paymentsByOrder);
  return rows.map(({ order_id, ...payment }) => ({ orderId: order_id, ...payment }));
}

export const readNotified = async (notifications: Database): Promise<readonly NotifiedFact[]> =>
  (await notifications.has('order_state'))
    ? notifications.rows(`SELECT s.order_id AS "orderId", s.owner, s.status, s.version, (n.data ->> 'amount')::bigint AS amount
        FROM order_state s LEFT JOIN notification n ON n.order_id = s.order_id AND n.kind = 'order.placed'`)
    : [];

export const readJourneys = async (journal: Database): Promise<readonly JournalFact[]> =>
  (await journal.has('order_journey'))
    ? journal.rows('SELECT order_id AS "orderId", owner, status, version, amount FROM order_journey')
    : [];

interface OutboxRow extends Omit<OutboxFact, 'topic' | 'createdAt'> {
  readonly seq: bigint;
  readonly topic: number;
  readonly createdAt: Date;
}

export async function readOutbox(
  database: Database,
  catalogue: readonly CatalogueTopic[],
): Promise<readonly OutboxFact[]> {
  const nameById = new Map(catalogue.map(({ id, name }) => [id, name]));
  const rows = database.pages<OutboxRow>(
    (after) => `SELECT seq, topic, part AS partition, convert_from(key, 'UTF8') AS key, event_id AS "eventId",
        md5(body) AS digest, created_at AS "createdAt" FROM outbox ${after === null ? '' : 'WHERE seq > $1'} ORDER BY seq`,
    ({ seq }) => String(seq),
  );
  return all(rows, ({ topic, createdAt, seq: _, ...row }) => ({
    ...row,
    topic: nameById.get(topic) ?? `topic ${topic}`,
    createdAt: createdAt.getTime(),
  }));
}

/** Who hears what, as far as it is known beforehand: a consumer that never heard anything left no trace. */
const hears: Readonly<Record<string, readonly string[]>> = {
  orders: ['payment.events', 'points.events'],
  payments: ['order.events'],
  points: ['order.events', 'accrual.events', 'points.requests'],
  accrual: ['order.events'],
  notifications: ['order.events', 'payment.events', 'points.events'],
  journal: ['order.events', 'payment.events', 'points.requests', 'points.events', 'accrual.events', 'identity.events'],
};

/** By consumer, the topics that it hears. */
export async function heardIn(database: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await database.rows<{ consumer: string; topic: string }>(
    'SELECT DISTINCT consumer, topic FROM progress UNION SELECT DISTINCT consumer, topic FROM stream ORDER BY 1, 2',
  );
  const byConsumer = new Map<string, string[]>();
  const expected = hears[database.service];
  if (expected) byConsumer.set(database.service, [...expected]);
  for (const { consumer, topic } of found) {
    const topics = byConsumer.get(consumer) ?? [];
    if (!topics.includes(topic)) byConsumer.set(consumer, [...topics, topic]);
  }
  return byConsumer;
}

export async function readConsumers(database: Database): Promise<readonly ConsumerFacts[]> {
  const consumers: ConsumerFacts[] = [];
  for (const [name, topics] of await heardIn(database)) {
    const inbox = await database.rows<{ id: string }>('SELECT event_id AS id FROM inbox WHERE consumer = $1', [name]);
    consumers.push({
      name,
      topics,
      inbox: inbox.map(({ id }) => id),
      streams: await database.rows('SELECT topic, key, version, hold, final FROM stream WHERE consumer = $1', [name]),
      parked: await database.rows('SELECT topic, key, version, state, reason FROM parked WHERE consumer = $1', [name]),
    });
  }
  return consumers;
}

async function all<R, F = R>(
  rows: AsyncIterable<R>,
  to: (row: R) => F = (row) => row as unknown as F,
): Promise<readonly F[]> {
  const found: F[] = [];
  for await (const row of rows) found.push(to(row));
  return found;
}
