import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from '@g-store/testing';
import { notificationsMigration } from '../src/migrations/001-notifications.js';
import { pointsMigration } from '../src/migrations/002-points.js';
import { createOrderStatesReader } from '../src/outbound/order-states-reader.js';

describe('reading where an order has come to', () => {
  const id = randomUUID();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase({ migrations: [notificationsMigration, pointsMigration] });
    await database.sql`INSERT INTO order_state VALUES (${id}, 'ann', 'CANCELLED', 'CHANGED_MIND', 2, '2030-01-01T00:00:00Z')`;
    await database.sql`INSERT INTO progress VALUES ('notifications', 'order.events', 3, 'here', 7), ('another', 'order.events', 4, 'here', 8), ('notifications', 'payment.events', 5, 'here', 9)`;
  });
  afterAll(() => database.drop());
  const readerIn = (cluster: string, pool: Pick<TestDatabase['pool'], 'query'> = database.pool) =>
    createOrderStatesReader({ pool, consumer: 'notifications', topic: 'order.events', cluster });
  const state = {
    orderId: id,
    owner: 'ann',
    status: 'CANCELLED',
    reason: 'CHANGED_MIND',
    version: 2,
    at: new Date('2030-01-01T00:00:00Z'),
  };

  it('gives the state together with how far its partition has been applied', async () => {
    expect(await readerIn('here').read(id, 3)).toEqual({ state, applied: 7 });
    expect(await readerIn('here').read(randomUUID(), 3)).toEqual({ applied: 7 });
  });

  it('takes no offset for its own that is of another partition, consumer, topic or cluster', async () => {
    for (const partition of [4, 5]) expect(await readerIn('here').read(id, partition)).toEqual({ state });
    expect(await readerIn('elsewhere').read(id, 3)).toEqual({ state });
  });

  it('asks once for all who ask at the same time', async () => {
    let asked = 0;
    const query = ((...args: Parameters<typeof database.pool.query>) => {
      asked += 1;
      return database.pool.query(...args);
    }) as typeof database.pool.query;
    const reader = readerIn('here', { query });
    const found = await Promise.all(Array.from({ length: 50 }, (_, at) => reader.read(at % 2 ? id : randomUUID(), 3)));
    expect(found.filter(({ state: one }) => one !== undefined)).toHaveLength(25);
    expect(asked).toBe(2);
  });

  it('tells everybody who waits when the database does not answer, and goes on afterwards', async () => {
    let broken = true;
    const query = ((...args: Parameters<typeof database.pool.query>) =>
      broken ? Promise.reject(new Error('no database')) : database.pool.query(...args)) as typeof database.pool.query;
    const reader = readerIn('here', { query });
    const results = await Promise.allSettled([reader.read(id, 3), reader.read(id, 3), reader.read(id, 3)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    broken = false;
    expect(await reader.read(id, 3)).toEqual({ state, applied: 7 });
  });
});
