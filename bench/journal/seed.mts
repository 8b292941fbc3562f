import { encode, OrderEvent, PaymentEvent, type MessageType } from '@g-store/contracts';
import type { Client } from 'pg';

export const EVENTS_OF_ORDER = 8;

const orderId = '01900000-0000-7000-8000-000000000001';
const accountId = '01900000-0000-7000-8000-000000000002';
const meta = {
  eventId: '01900000-0000-7000-8000-000000000003',
  aggregateId: orderId,
  aggregateVersion: 1,
  owner: accountId,
  occurredAt: new Date('2026-01-01T00:00:00Z'),
  correlationId: orderId,
  causationId: orderId,
};
const moved = (from: string, to: string) => ({ case: 'statusChanged', value: { from, to, actor: accountId } });
const item = { sku: 'MUG-BLUE', description: 'A blue mug', price: 500n, quantity: 2 };
const change = { accountId, balance: 0n, change: -1_000n, kind: 'CHARGE', orderId, accountVersion: 1 };

/** An issued order, as five events of orders, two of payments and one of its account tell of it. */
const story: readonly (readonly [topic: string, type: string, MessageType<object>, object])[] = [
  [
    'order.events',
    'OrderCreated',
    OrderEvent as MessageType<object>,
    {
      case: 'created',
      value: { number: '18', amount: 1_000n, currency: 'RUB', pointsToSpend: 0n, items: [item, item] },
    },
  ],
  [
    'payment.events',
    'PaymentProcessed',
    PaymentEvent as MessageType<object>,
    { case: 'processed', value: { orderId, status: 'SUCCESS', amount: 1_000n, accountId } },
  ],
  ['payment.events', 'BalanceChanged', PaymentEvent as MessageType<object>, { case: 'balanceChanged', value: change }],
  ...['PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'].map(
    (to) => ['order.events', 'OrderStatusChanged', OrderEvent as MessageType<object>, moved('PENDING', to)] as const,
  ),
];

/** So many orders over the last weeks, as the journal would have kept them. */
export async function seedJournal(client: Client, orders: number): Promise<void> {
  await client.query('TRUNCATE events, order_journey');
  for (const [at, [topic, type, message, event]] of story.entries())
    await client.query(
      `INSERT INTO events (event_id, topic, partition, "offset", type, order_id, account_id, occurred_at, heard_at,
         correlation_id, causation_id, raw, arrival)
       SELECT ${uuid('n', at + 1)}, $1::text, n % 6, n, $2::text, ${uuid('n', 0)},
         CASE WHEN $2::text = 'BalanceChanged' THEN $4::text END, ${time('n')} + $3::integer * interval '50 ms', ${time('n')} + $3::integer * interval '60 ms',
         ${uuid('n', 0)}::text, CASE WHEN $3::integer > 1 THEN ${uuid('n', at)}::text END, $5::bytea, n::bigint * ${EVENTS_OF_ORDER} + $3::integer
       FROM generate_series(1, $6::integer) n`,
      [topic, type, at + 1, accountId, encode(message, { meta, ...event } as never), orders],
    );
  await client.query(
    `INSERT INTO order_journey
     SELECT ${uuid('n', 0)}, $1::text, 'ISSUED', 6, 1000, 0, 1000, 0, 1000, 0, 0, 0, 0, true, false, NULL, NULL, NULL, NULL, NULL,
       ${uuid('n', 1)}, ${uuid('n', EVENTS_OF_ORDER)}, ${time('n')}, ${time('n')}, ${time('n')}
     FROM generate_series(1, $2::integer) n`,
    [accountId, orders],
  );
  await client.query('UPDATE tally SET events = $1, orders = $2', [(orders + 1) * (EVENTS_OF_ORDER + 1), orders]);
  await client.query('VACUUM ANALYZE events, order_journey');
  await client.query('CHECKPOINT');
}

/** One order every ten seconds, up to an hour ago. */
const time = (n: string): string => `(date_trunc('hour', now()) - interval '1 hour' - ${n} * interval '10 seconds')`;

/** A UUIDv7 of that time: the order's own at 0, then those of its events. */
const uuid = (n: string, of: number): string =>
  `(lpad(to_hex((extract(epoch FROM ${time(n)}) * 1000)::bigint + ${of} * 50), 12, '0') || '7' || lpad(to_hex(${of}), 3, '0') || '8' || lpad(to_hex(${n}), 15, '0'))::uuid`;

/** The ids of some orders, from all over. */
export async function someOrders(client: Client, count: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT order_id AS id FROM order_journey ORDER BY md5(order_id::text) LIMIT $1',
    [count],
  );
  return rows.map(({ id }) => id);
}
