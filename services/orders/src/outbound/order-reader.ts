import type { Pool } from 'pg';
import {
  countedAtMost,
  type HistoryEntry,
  type OrderFilter,
  type OrderReader,
  type OrderView,
  type Range,
} from '../application/reader.js';
import { pointsSpent } from '../domain/order.js';
import { fromOrderRow } from './order-rows.js';
import type { ItemJson } from './tables.js';

/** Reads what has been committed, by plain SQL; each list is one walk along an index, from the newest on. */
export const createOrderReader = (pool: Pick<Pool, 'query'>): OrderReader => ({
  async order(id) {
    const { rows } = await pool.query<SqlOrder>({
      name: 'order',
      text: `${selectOrders} WHERE o.id = $1`,
      values: [id],
    });
    return rows[0] && toView(rows[0]);
  },

  async history(orderId) {
    const text = `SELECT status, reason, actor, at, version FROM order_history WHERE order_id = $1 ORDER BY version`;
    const { rows } = await pool.query<SqlHistory>({ name: 'history', text, values: [orderId] });
    return rows.map(({ reason, ...entry }) => ({ ...entry, ...(reason !== null && { reason }) }));
  },

  async ordersOf(userId, range) {
    const where = conditions();
    where.add((value) => `o.user_id = ${value}`, userId);
    return list(pool, where, range);
  },

  async search(filter, range) {
    return list(pool, searched(filter), range, countedAtMost);
  },

  async pendingFor(seconds) {
    const { rows } = await pool.query<{ orders: number }>({
      name: 'pending for long',
      text: `SELECT count(*)::int AS orders FROM orders WHERE status = 'PENDING' AND created_at < now() - $1 * interval '1 s'`,
      values: [seconds],
    });
    return rows[0]?.orders ?? 0;
  },

  async catalogue() {
    const text = `SELECT sku, description, price FROM catalogue ORDER BY place`;
    const { rows } = await pool.query<{ sku: string; description: string; price: string }>({ name: 'catalogue', text });
    return rows.map((item) => ({ ...item, price: BigInt(item.price) }));
  },
});

const selectOrders = `SELECT o.id, o.number, o.user_id, o.amount, o.currency, o.points_to_spend, o.status, o.cancellation_reason,
  o.description, o.items, o.version, o.created_at, o.updated_at,
  (SELECT amount FROM order_part p WHERE p.order_id = o.id AND p.part = 'points' AND p.outcome = 'SUCCESS') AS spent,
  (SELECT amount FROM order_part p WHERE p.order_id = o.id AND p.part = 'reward') AS earned
  FROM orders o`;

async function list(pool: Pick<Pool, 'query'>, where: Conditions, { limit, after, skip }: Range, countAtMost?: number) {
  const counted = countAtMost === undefined ? '' : ` LIMIT ${countAtMost}`;
  const count = pool.query<{ total: number }>(
    `SELECT count(*)::int AS total FROM (SELECT 1 FROM orders o ${where.text()}${counted}) c`,
    [...where.values],
  );
  const values = [...where.values, limit + 1, String(skip ?? 0)];
  const paging = `ORDER BY o.created_at DESC, o.id DESC LIMIT $${values.length - 1} OFFSET $${values.length}`;
  if (after !== undefined) values.push(after.createdAt, after.id);
  const from = after && `(o.created_at, o.id) < ($${values.length - 1}, $${values.length})`;
  const page = pool.query<SqlOrder>(`${selectOrders} ${where.text(from)} ${paging}`, values);
  const [{ rows: counts }, { rows }] = await Promise.all([count, page]);
  return { orders: rows.slice(0, limit).map(toView), total: counts[0]?.total ?? 0, more: rows.length > limit };
}

interface Conditions {
  add(condition: (value: string) => string, value: unknown): void;
  readonly values: readonly unknown[];
  text(more?: string): string;
}

function conditions(): Conditions {
  const texts: string[] = [];
  const values: unknown[] = [];
  return {
    values,
    add: (condition, value) => texts.push(condition(`$${values.push(value)}`)),
    text: (more) => {
      const all = more === undefined ? texts : [...texts, more];
      return all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
    },
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function searched({ status, userId, q }: OrderFilter): Conditions {
  const where = conditions();
  if (status !== undefined) where.add((value) => `o.status = ${value}`, status);
  if (userId !== undefined) where.add((value) => `o.user_id = ${value}`, userId);
  if (q === undefined) return where;
  if (uuid.test(q)) where.add((value) => `(o.id = ${value} OR o.user_id = ${value})`, q);
  else if (/^[0-9]+$/.test(q)) where.add((value) => `o.number LIKE ${value}`, `${q}%`);
  else where.add((value) => `strpos(lower(${words}), lower(${value})) > 0`, q);
  return where;
}

const words = `concat_ws(' ', o.description, jsonb_path_query_array(o.items, '$[*].description')::text)`;

interface SqlOrder {
  readonly id: string;
  readonly number: string;
  readonly user_id: string;
  readonly amount: string;
  readonly currency: string;
  readonly points_to_spend: string;
  readonly status: string;
  readonly cancellation_reason: string | null;
  readonly description: string | null;
  readonly items: readonly ItemJson[];
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly spent: string | null;
  readonly earned: string | null;
}

type SqlHistory = Omit<HistoryEntry, 'reason'> & { readonly reason: NonNullable<HistoryEntry['reason']> | null };

function toView(row: SqlOrder): OrderView {
  const order = fromOrderRow({
    id: row.id,
    number: row.number,
    userId: row.user_id,
    amount: BigInt(row.amount),
    currency: row.currency,
    pointsToSpend: BigInt(row.points_to_spend),
    status: row.status,
    cancellationReason: row.cancellation_reason,
    description: row.description,
    items: row.items,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
  const points = { spent: pointsSpent(order, BigInt(row.spent ?? 0)), earned: BigInt(row.earned ?? 0) };
  return { ...order, points };
}
