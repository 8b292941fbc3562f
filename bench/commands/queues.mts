import { runMigrations } from 'graphile-worker';
import { Pool, type PoolClient } from 'pg';
import { PgBoss } from 'pg-boss';
import { POOL, type Contender, type Databases } from './contender.mts';
import { orderToStore, type OrderToStore } from './order.mts';
import { inTransaction } from './pg.mts';

const queue = 'order-events';

/** A `pg` transaction whose word goes into pg-boss' queue by the same connection. */
export async function pgBoss({ ownerUrl }: Databases): Promise<Contender> {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  await boss.createQueue(queue);
  const pool = new Pool({ connectionString: ownerUrl, max: POOL });
  const tell = (stored: OrderToStore, client: PoolClient) =>
    boss.send(queue, payloadOf(stored), {
      db: { executeSql: (text: string, values?: unknown[]) => client.query(text, values) },
    });
  return {
    place: (userId) => inTransaction(pool, orderToStore(userId), tell),
    async [Symbol.asyncDispose]() {
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}

/** A `pg` transaction that calls graphile-worker's `add_job`, as its guide says for transactions. */
export async function graphileWorker({ ownerUrl }: Databases): Promise<Contender> {
  await runMigrations({ connectionString: ownerUrl });
  const pool = new Pool({ connectionString: ownerUrl, max: POOL });
  const tell = (stored: OrderToStore, client: PoolClient) =>
    client.query({
      name: 'add job',
      text: 'SELECT graphile_worker.add_job($1, $2::json)',
      values: [queue, JSON.stringify(payloadOf(stored))],
    });
  return {
    place: (userId) => inTransaction(pool, orderToStore(userId), tell),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** The event as it is, in base64: these queues keep JSON. */
const payloadOf = ({ order, outbox }: OrderToStore): object => ({
  key: order.id,
  eventId: outbox.eventId,
  body: outbox.body.toString('base64'),
});
