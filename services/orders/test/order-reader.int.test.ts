import { createDatabase, type TestDatabase } from '@g-store/testing';
import type { OrderFilter, Range } from '../src/application/reader.js';
import { ordersMigration } from '../src/migrations/001-orders.js';
import { placedByStaffMigration } from '../src/migrations/002-placed-by-staff.js';
import { createOrderReader } from '../src/outbound/order-reader.js';

const anna = '00000000-0000-7000-8000-00000000000a';
const boris = '00000000-0000-7000-8000-00000000000b';
const idOf = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const numberOf = (n: number): string => String(10 ** 15 + n);

let database: TestDatabase;
const reader = () => createOrderReader(database.pool);

/** Nine orders in three minutes, three of each minute; every third one is Boris's and paid. */
beforeAll(async () => {
  database = await createDatabase({ migrations: [ordersMigration, placedByStaffMigration] });
  for (let n = 1; n <= 9; n += 1) {
    const at = new Date(Date.UTC(2026, 2, 1, 12, Math.ceil(n / 3)));
    const items = JSON.stringify([{ description: `Lamp ${n}`, price: '9007199254740993', quantity: 1 }]);
    await database.pool.query(`INSERT INTO orders VALUES ($1, $2, $3, $4, 'RUB', 0, $5, NULL, $6, $7, 1, $8, $8)`, [
      idOf(n),
      numberOf(n),
      n % 3 ? anna : boris,
      100 * n,
      n % 3 ? 'PENDING' : 'PAID',
      n === 1 ? 'Wake me' : null,
      items,
      at,
    ]);
  }
});
afterAll(() => database.drop());

const ids = async (filter: OrderFilter, range: Range = { limit: 100 }) =>
  (await reader().search(filter, range)).orders.map(({ id }) => Number(id.slice(-12)));

describe('the list of orders', () => {
  it('begins with the newest, and by id where several were placed at once', async () => {
    expect(await ids({})).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('counts those that have been pending for too long, and only those', async () => {
    expect(await reader().pendingFor(30)).toBe(6);
    await database.pool.query('UPDATE orders SET created_at = now() WHERE id = $1', [idOf(1)]);
    expect(await reader().pendingFor(30)).toBe(5);
    await database.pool.query('UPDATE orders SET created_at = updated_at WHERE id = $1', [idOf(1)]);
  });

  it('goes on where the last page ended, however many were placed in between', async () => {
    const first = await reader().ordersOf(anna, { limit: 4 });
    expect(first.orders.map(({ id }) => id)).toEqual([8, 7, 5, 4].map(idOf));
    expect([first.total, first.more]).toEqual([6, true]);
    const last = first.orders.at(-1);
    if (last === undefined) throw new Error('the page is empty');
    const second = await reader().ordersOf(anna, { limit: 4, after: last });
    expect(second.orders.map(({ id }) => id)).toEqual([2, 1].map(idOf));
    expect([second.total, second.more]).toEqual([6, false]);
    expect((await reader().ordersOf(anna, { limit: 4, skip: 4 })).orders).toEqual(second.orders);
  });

  it.each<[string, OrderFilter, number[]]>([
    ['a status', { status: 'PAID' }, [9, 6, 3]],
    ['a person', { userId: boris }, [9, 6, 3]],
    ['both', { status: 'PENDING', userId: boris }, []],
    ['the beginning of a number', { q: numberOf(7) }, [7]],
    ['an id', { q: idOf(4) }, [4]],
    ["a person's id", { q: boris, status: 'PAID' }, [9, 6, 3]],
    ['words of the description', { q: 'wake' }, [1]],
    ["words of an item's description", { q: 'LAMP 5' }, [5]],
    ['what no order says, though its JSON does', { q: 'price' }, []],
    ['what looks like a pattern', { q: '%' }, []],
  ])('finds orders by %s', async (_, filter, found) => expect(await ids(filter)).toEqual(found));

  it('walks along an index, so that a page costs the same however long the list is', async () => {
    const client = await database.pool.connect();
    await client.query('SET enable_seqscan = off');
    const plan = async (where: string) => {
      const text = `EXPLAIN SELECT * FROM orders o ${where} ORDER BY o.created_at DESC, o.id DESC LIMIT 21`;
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(text);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    expect(await plan('')).toMatch(/^Limit.*\n.*Index Scan using orders_newest/);
    expect(await plan(`WHERE user_id = '${anna}'`)).toMatch(/^Limit.*\n.*Index Scan using orders_of_user/);
    expect(await plan(`WHERE status = 'PAID'`)).toMatch(/^Limit.*\n.*Index Scan using orders_by_status/);
    client.release(true);
  });
});

describe('an order', () => {
  it('is read as it was written, to the last digit', async () => {
    const order = await reader().order(idOf(1));
    expect(order).toMatchObject({
      number: numberOf(1),
      amount: 100n,
      description: 'Wake me',
      points: { spent: 0n, earned: 0n },
    });
    expect(order?.items).toEqual([{ description: 'Lamp 1', price: 9_007_199_254_740_993n, quantity: 1 }]);
    expect(order).not.toHaveProperty('cancellationReason');
  });

  it('that nobody placed is not there', async () => {
    expect(await reader().order(idOf(10))).toBeUndefined();
    expect(await reader().history(idOf(10))).toEqual([]);
  });
});

it('the shelves hold goods from left to right', async () => {
  const items = await reader().catalogue();
  expect(items).toHaveLength(12);
  expect(items[0]).toEqual({ sku: 'MUG-BLUE', description: 'Stoneware mug, cobalt blue, 350 ml', price: 89_000n });
});

describe('what the database itself does not allow', () => {
  const change = (assignment: string) => database.pool.query(`UPDATE orders SET ${assignment} WHERE id = '${idOf(1)}'`);

  it.each([
    `amount = 0`,
    `amount = 1000000000001`,
    `points_to_spend = 101`,
    `status = 'LOST'`,
    `status = 'CANCELLED'`,
    `cancellation_reason = 'CHANGED_MIND'`,
    `status = 'CANCELLED', cancellation_reason = 'BORED'`,
    `number = '12a4567890'`,
    `items = '{}'`,
    `version = 0`,
  ])('is an order with %s', async (assignment) => {
    await expect(change(assignment)).rejects.toMatchObject({ code: '23514' });
  });

  it('is a number given twice', async () => {
    await expect(change(`number = '${numberOf(2)}'`)).rejects.toMatchObject({ code: '23505' });
  });

  it('is a history or an audit that the service could change', async () => {
    const refused = { code: '42501' };
    for (const [table, column] of [
      ['order_history', 'actor'],
      ['staff_audit', 'actor'],
      ['order_part', 'amount'],
      ['catalogue', 'price'],
    ])
      for (const text of [`DELETE FROM ${table}`, `UPDATE ${table} SET ${column} = ${column}`, `TRUNCATE ${table}`])
        await expect(database.pool.query(text)).rejects.toMatchObject(refused);
    await expect(database.pool.query('DELETE FROM orders')).rejects.toMatchObject(refused);
  });
});
