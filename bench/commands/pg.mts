import { Pool, type PoolClient, type QueryConfig } from 'pg';
import { POOL, type Contender, type Databases } from './contender.mts';
import { orderColumns, orderToStore, orderValues, type OrderToStore } from './order.mts';

/** A transaction per order as one writes it with `pg`: a pool, named statements, one after the other. */
export function pgTransaction({ url }: Databases): Contender {
  const pool = new Pool({ connectionString: url, max: POOL });
  return {
    place: (userId) => inTransaction(pool, orderToStore(userId), outboxInsert),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** BEGIN, the order, its history, whatever tells of it, COMMIT. */
export async function inTransaction(
  pool: Pool,
  stored: OrderToStore,
  tell: (stored: OrderToStore, client: PoolClient) => Promise<unknown>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(orderInsert(stored));
    await client.query(historyInsert(stored));
    await tell(stored, client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const orderInsert = (stored: OrderToStore): QueryConfig => ({
  name: 'order',
  text: `INSERT INTO orders (${orderColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
  values: [...orderValues(stored)],
});

const historyInsert = ({ order }: OrderToStore): QueryConfig => ({
  name: 'history',
  text: 'INSERT INTO order_history (order_id, version, status, actor, at) VALUES ($1, $2, $3, $4, $5)',
  values: [order.id, order.version, order.status, order.userId, order.createdAt],
});

const outboxInsert = ({ order, outbox }: OrderToStore, client: PoolClient): Promise<unknown> =>
  client.query({
    name: 'outbox',
    text: 'INSERT INTO outbox (topic, part, key, body, event_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    values: [outbox.topic, outbox.part, outbox.key, outbox.body, outbox.eventId, order.createdAt],
  });
