import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import {
  balanceBecomes,
  balanceOf,
  becomes,
  cancel,
  customer,
  expectStatus,
  http,
  isSettled,
  orderOf,
  placeOrder,
  placeOrderSurely,
  type Person,
} from './shop';
import { killPart, parts, revive, stack, verify } from './stack';

jest.setTimeout(240_000);

afterEach(async () => {
  await stack('up', '--no-seed');
});
afterAll(() => verify());

const ids = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** Places orders a few at a time, so that they go on for a while. */
async function placeMany(
  people: readonly Person[],
  count: number,
  amount: number,
): Promise<readonly (readonly [Person, string])[]> {
  const placed: (readonly [Person, string])[] = [];
  let next = 0;
  const till = async (): Promise<void> => {
    while (next < count) {
      const somebody = people[next++ % people.length] as Person;
      placed.push([somebody, await placeOrderSurely(somebody, amount)]);
    }
  };
  await Promise.all(Array.from({ length: 10 }, till));
  return placed;
}

const allSettle = (placed: readonly (readonly [Person, string])[]) =>
  Promise.all(
    placed.map(([somebody, id]) =>
      eventually(async () => isSettled(await orderOf(somebody, id)), { within: 120_000, every: 500 }),
    ),
  );

describe('while Kafka is away', () => {
  it('orders are taken, and all of them are paid when it is back', async () => {
    const anna = await customer(100_000);
    await stack('down', '--only', 'kafka');
    const placed = await ids(40, () => placeOrder(anna, 1_000));
    expect(await orderOf(anna, placed[0] as string)).toMatchObject({ status: 'PENDING' });
    await revive('kafka');
    await Promise.all(placed.map((id) => becomes(anna, id, 'PAID', 90_000)));
    expect(await balanceOf(anna)).toBe(60_000);
  });
});

describe('while PostgreSQL is away', () => {
  it('says when to come again, and all is well afterwards without a hand', async () => {
    const anna = await customer(10_000);
    await stack('down', '--only', 'postgres');
    const refused = await http.post('/api/orders/v1/orders', { amount: 1_000 }, anna);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    await revive('postgres');
    const id = await placeOrderSurely(anna, 1_000);
    await becomes(anna, id, 'PAID', 60_000);
    await eventually(async () => (await parts()).every(({ ready }) => ready), { within: 30_000, every: 200 });
  });
});

describe('500 orders while everything is killed once', () => {
  it('every order that was acknowledged ends paid or cancelled, and nobody is charged twice', async () => {
    const people = await ids(10, () => customer(40_000));
    const placing = placeMany(people, 500, 1_000);
    for (const name of ['orders', 'payments', 'notifications', 'identity', 'notifications-2']) {
      await killPart(name);
      await revive(name);
    }
    const placed = await placing;
    expect(new Set(placed.map(([, id]) => id)).size).toBe(500);
    await allSettle(placed);
    for (const somebody of people) {
      const mine = placed.filter(([who]) => who === somebody);
      const paid = (await Promise.all(mine.map(([, id]) => orderOf(somebody, id)))).filter(
        ({ status }) => status === 'PAID',
      ).length;
      // 40 of 50 can be paid for; which ones is a matter of order.
      expect(paid).toBe(40);
      await balanceBecomes(somebody, 0);
    }
  });
});

describe('200 orders cancelled right after they were placed', () => {
  const placeAndCancel = async (somebody: Person): Promise<string> => {
    const id = await placeOrderSurely(somebody, 100);
    expect((await cancel(somebody, id)).status).toBe(204);
    return id;
  };

  it.each([
    ['with everything running', false],
    ['with payments away for a while', true],
  ])('give every cent back, %s', async (_how, away) => {
    const people = await ids(10, () => customer(100_000));
    if (away) await killPart('payments');
    const placed = await ids(
      200,
      async (i) => [people[i % 10] as Person, await placeAndCancel(people[i % 10] as Person)] as const,
    );
    if (away) await revive('payments');
    await Promise.all(people.map((somebody) => balanceBecomes(somebody, 100_000)));
    for (const [somebody, id] of placed) expect((await orderOf(somebody, id)).status).toBe('CANCELLED');
  });
});

describe('200 top-ups at once', () => {
  it('all count', async () => {
    const anna = await customer(0);
    await ids(200, async () =>
      expectStatus(
        await http.patch(
          `/api/payments/v1/accounts/${anna.accountId}`,
          { amount: 5 },
          { token: anna.token, idempotencyKey: randomUUID() },
        ),
        204,
      ),
    );
    expect(await balanceOf(anna)).toBe(1_000);
  });
});
