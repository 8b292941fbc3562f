import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import {
  balanceBecomes,
  balanceOf,
  becomes,
  cancel,
  customer,
  expectStatus,
  givePoints,
  http,
  isSettled,
  issue,
  newNumber,
  orderOf,
  person,
  placeOrder,
  placeOrderSurely,
  pointsBecome,
  pointsOf,
  rewardFor,
  upload,
  uploadsOf,
  type Person,
  type Wish,
} from '../shop';
import { killPart, parts, revive, scopedKey, stack, verify } from '../stack';

jest.setTimeout(240_000);

afterEach(async () => {
  await stack('up', '--no-seed');
});
afterAll(() => verify());

const ids = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const customerWith = async (money: number, points: number): Promise<Person> => {
  const somebody = await customer(money);
  await givePoints(somebody.id, points);
  return somebody;
};

async function killAndRevive(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await killPart(name);
    await revive(name);
  }
}

/** Places orders a few at a time, so that they go on for a while. */
async function placeMany(
  people: readonly Person[],
  count: number,
  wish: Wish,
): Promise<readonly (readonly [Person, string])[]> {
  const placed: (readonly [Person, string])[] = [];
  let next = 0;
  const till = async (): Promise<void> => {
    while (next < count) {
      const somebody = people[next++ % people.length] as Person;
      placed.push([somebody, await placeOrderSurely(somebody, wish)]);
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
    const anna = await customerWith(100_000, 20_000);
    await stack('down', '--only', 'kafka');
    const placed = await ids(40, (index) => placeOrder(anna, { amount: 1_000, pointsToSpend: index % 2 ? 500 : 0 }));
    expect(await orderOf(anna, placed[0] as string)).toMatchObject({ status: 'PENDING' });
    await revive('kafka');
    await Promise.all(placed.map((id) => becomes(anna, id, 'PAID', 90_000)));
    expect([await balanceOf(anna), await pointsOf(anna)]).toEqual([70_000, 10_000]);
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
    await killAndRevive('orders', 'payments', 'notifications', 'identity', 'notifications-2');
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

describe('150 orders paid partly with points while everything is killed once', () => {
  it('each spends its points and its money once or not at all, and each issued one is rewarded once', async () => {
    const match = await rewardFor(10);
    // 15 of 25 can be paid: there is money for all of them, and points for so many.
    const people = await ids(6, () => customerWith(15_000, 6_000));
    const placing = placeMany(people, 150, { amount: 1_000, pointsToSpend: 400, description: match });
    await killAndRevive('points', 'payments', 'orders');
    const placed = await placing;
    await allSettle(placed);
    const paidOf = async (somebody: Person) => {
      const mine = placed.filter(([who]) => who === somebody).map(([, id]) => id);
      const orders = await Promise.all(mine.map((id) => orderOf(somebody, id)));
      return orders.filter(({ status }) => status === 'PAID').map(({ id }) => id);
    };
    const paid = await Promise.all(people.map(paidOf));
    expect(paid.map(({ length }) => length)).toEqual(people.map(() => 15));
    for (const somebody of people) {
      await balanceBecomes(somebody, 6_000);
      await pointsBecome(somebody, 0);
    }
    const issuing = Promise.all(paid.map((mine) => Promise.all(mine.slice(0, 5).map(issue))));
    await killAndRevive('accrual', 'points');
    await issuing;
    // Five times 10 % of 10.00.
    for (const somebody of people) await pointsBecome(somebody, 500);
  });
});

describe('while points and accrual are killed', () => {
  const surely = <T>(act: () => Promise<T>): Promise<T> => eventually(act, { within: 60_000, every: 100 });

  /** 60 numbers of goods that earn a point each, handed in and registered at the same time, half of them in this order. */
  async function uploading(anna: Person): Promise<void> {
    const match = await rewardFor(10);
    const oneOf = async (reply: Promise<number>, ...statuses: readonly number[]) => {
      if (!statuses.includes(await reply)) throw new Error(`answered ${await reply}`);
    };
    const register = async (order: string): Promise<number> => {
      const goods = [{ description: match, price: 10 }];
      const body = { order, goods };
      return (await http.post('/api/accrual/api/orders', body, { staffKey: scopedKey('accrual') })).status;
    };
    // 409 and 200: it was taken before somebody died who could not say so any more.
    await ids(60, async (index) => {
      const number = newNumber();
      const acts = [() => oneOf(register(number), 202, 409), () => oneOf(upload(anna, number), 202, 200)];
      for (const act of index % 2 ? acts : acts.reverse()) await surely(act);
    });
  }

  /** 200 times a point for one of four accounts. */
  async function asking(accounts: readonly string[]): Promise<void> {
    const accepted = await ids(200, (index) => {
      const once = { staffKey: scopedKey('points'), idempotencyKey: randomUUID() };
      const path = `/api/points/v1/point/${accounts[index % 4]}/add`;
      return surely(async () => expectStatus(await http.post<Accepted>(path, { point: 1 }, once), 200));
    });
    expect(new Set(accepted.map(({ data }) => data.request_id)).size).toBe(200);
  }

  it('every uploaded number is rewarded once, and every machine’s request is applied once', async () => {
    const anna = await person();
    const accounts = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const doing = Promise.all([uploading(anna), asking(accounts)]);
    await killAndRevive('points', 'accrual', 'points');
    await doing;
    for (const account of accounts) {
      const path = `/api/points/v1/point/${account}/latest`;
      await surely(async () => {
        const { text } = await http.get(path, { staffKey: scopedKey('points') });
        expect(text).toBe('{"data":{"total_point":50},"metadata":{}}');
      });
    }
    // Those that a worker had in hand when it died fall due again a minute later.
    await eventually(
      async () => expect((await uploadsOf(anna)).filter(({ status }) => status === 'PROCESSED')).toHaveLength(60),
      { within: 120_000, every: 200 },
    );
    expect(await pointsOf(anna)).toBe(6_000);
  });
});

interface Accepted {
  readonly data: { readonly request_id: string };
}

describe('200 orders cancelled right after they were placed', () => {
  const placeAndCancel = async (somebody: Person): Promise<string> => {
    const id = await placeOrderSurely(somebody, { amount: 100, pointsToSpend: 40 });
    expect((await cancel(somebody, id)).status).toBe(204);
    return id;
  };

  it.each([
    ['with everything running', undefined],
    ['with payments away for a while', 'payments'],
    ['with points away for a while', 'points'],
  ])('give every cent and every point back, %s', async (_how, away) => {
    const people = await ids(10, () => customerWith(100_000, 10_000));
    if (away) await killPart(away);
    const placed = await ids(
      200,
      async (i) => [people[i % 10] as Person, await placeAndCancel(people[i % 10] as Person)] as const,
    );
    if (away) await revive(away);
    await Promise.all(people.map((somebody) => balanceBecomes(somebody, 100_000)));
    await Promise.all(people.map((somebody) => pointsBecome(somebody, 10_000)));
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
