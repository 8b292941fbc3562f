import { randomUUID } from 'node:crypto';
import { startPointsForTest } from './running-points.js';
import type { RunningPoints } from './running-points.js';

let points: RunningPoints;
beforeAll(async () => (points = await startPointsForTest()));
afterAll(() => points?.[Symbol.asyncDispose]());
afterEach(async () => expect(await points.violations()).toEqual([]));

type Page = { readonly entries: readonly object[] };

describe('an order paid with points', () => {
  it('spends them when it is placed, and gives them back when it is cancelled', async () => {
    const { userId, order, http } = await points.customer(1_000);
    const placed = order(400n);
    await points.orders.created(placed);
    expect(await points.toldOf(placed.id, 1)).toEqual([
      {
        case: 'spent',
        version: 1,
        value: { orderId: placed.id, accountId: userId, points: 400n, balance: 600n, accountVersion: 2 },
      },
    ]);
    expect(await points.balanceOf(userId)).toBe(600n);
    await points.orders.cancelled(placed, 2);
    expect((await points.toldOf(placed.id, 2))[1]).toEqual({
      case: 'returned',
      version: 2,
      value: { orderId: placed.id, accountId: userId, points: 400n, balance: 1_000n, accountVersion: 3 },
    });
    const { body } = await http.get<Page>('/v1/accounts/mine/entries');
    expect(body.entries).toMatchObject([
      { version: 3, type: 'RETURNED', direction: 'IN', amount: 400, balanceAfter: 1_000, orderId: placed.id },
      { version: 2, type: 'SPENT', direction: 'OUT', amount: 400, balanceAfter: 600, orderId: placed.id },
      { version: 1, type: 'ADJUSTED', direction: 'IN', amount: 1_000, balanceAfter: 1_000, reason: 'a gift' },
    ]);
  });

  it('is refused when there is a hundredth too little, and when there is no account', async () => {
    const { order, userId } = await points.customer(399);
    for (const placed of [order(400n), (await points.customer(0)).order(400n)]) {
      await points.orders.created(placed);
      const value = { orderId: placed.id, points: 400n, reason: 'INSUFFICIENT_POINTS' };
      expect(await points.toldOf(placed.id, 1)).toEqual([{ case: 'spendRefused', version: 1, value }]);
      await points.orders.cancelled(placed, 2);
    }
    expect(await points.balanceOf(userId)).toBe(399n);
  });

  it('may leave exactly nothing', async () => {
    const { order, userId } = await points.customer(400);
    await points.orders.created(order(400n));
    expect(await points.balanceOf(userId)).toBe(0n);
  });

  it('costs nothing when its cancellation arrives before it', async () => {
    const { order, userId } = await points.customer(1_000);
    const placed = order(400n);
    await points.orders.cancelled(placed, 2);
    await points.orders.created(placed, 1);
    expect(await points.balanceOf(userId)).toBe(1_000n);
    expect(await points.toldOf(placed.id, 0)).toEqual([]);
    const [row] = await points.database.sql`SELECT state, owner FROM points_order WHERE order_id = ${placed.id}`;
    expect(row).toEqual({ state: 'cancelled', owner: userId });
  });

  it('is heard once, however often it is told', async () => {
    const { order, userId } = await points.customer(1_000);
    const placed = order(400n);
    for (const _ of [1, 2]) await points.orders.created(placed);
    expect(await points.balanceOf(userId)).toBe(600n);
    for (const _ of [1, 2]) await points.orders.cancelled(placed, 2);
    expect(await points.balanceOf(userId)).toBe(1_000n);
    expect(await points.toldOf(placed.id, 2)).toHaveLength(2);
  });

  it('that wants no points is told nothing of, but its number is remembered', async () => {
    const { order, userId } = await points.customer(0);
    const placed = order(0n);
    await points.orders.created(placed);
    expect(await points.toldOf(placed.id, 0)).toEqual([]);
    const [row] = await points.database.sql`SELECT owner, state FROM points_order WHERE number = ${placed.number}`;
    expect(row).toEqual({ owner: userId, state: 'none' });
  });

  it('of many at once of one customer takes as many as there are points for', async () => {
    const { order, userId } = await points.customer(1_000);
    const placed = Array.from({ length: 12 }, () => order(100n));
    await Promise.all(placed.map((each) => points.orders.created(each)));
    const answers = await Promise.all(placed.map(async ({ id }) => (await points.toldOf(id, 1))[0]?.case));
    expect(answers.toSorted()).toEqual([...Array(10).fill('spendRefused').slice(0, 2), ...Array(10).fill('spent')]);
    expect(await points.balanceOf(userId)).toBe(0n);
  });
});

describe('a reward', () => {
  it('is earned by whoever placed the order, and opens an account', async () => {
    const { order, userId, http } = await points.customer(0);
    const placed = order(0n);
    await points.orders.created(placed);
    await points.rewarded(placed, 72_998n);
    expect(await points.toldOf(userId, 1)).toEqual([
      {
        case: 'earned',
        version: 1,
        value: {
          accountId: userId,
          orderNumber: placed.number,
          orderId: placed.id,
          points: 72_998n,
          balance: 72_998n,
          accountVersion: 1,
        },
      },
    ]);
    expect((await http.get<Page>('/v1/accounts/mine/entries')).body.entries).toMatchObject([
      { type: 'EARNED', amount: 72_998, orderNumber: placed.number },
    ]);
  });

  it('is earned once, also when it is worked out again', async () => {
    const { order, userId } = await points.customer(0);
    const placed = order(0n);
    await points.orders.created(placed);
    await points.rewarded(placed, 500n, 1);
    await points.rewarded(placed, 700n, 2);
    expect(await points.balanceOf(userId)).toBe(500n);
  });

  it('goes to the owner that the order had told of, and may come before that', async () => {
    const { order, userId } = await points.customer(0);
    const [early, late] = [order(0n), order(0n)];
    await points.rewarded(early, 500n);
    expect(await points.balanceOf(userId)).toBe(500n);
    await points.orders.created(late);
    const stranger = randomUUID();
    await points.rewarded({ ...late, owner: stranger }, 300n);
    expect([await points.balanceOf(userId), await points.balanceOf(stranger)]).toEqual([800n, 0n]);
  });

  it('of nothing is nothing', async () => {
    const { order, userId } = await points.customer(0);
    await points.rewarded(order(0n), 0n);
    expect(await points.toldOf(userId, 0)).toEqual([]);
  });

  it('keeps the versions of its account without gaps beside what orders spend', async () => {
    const { order, userId } = await points.customer(1_000);
    const placed = order(400n);
    await points.orders.created(placed);
    await points.rewarded(placed, 20n);
    expect((await points.toldOf(userId, 2)).map(({ case: name, version }) => [name, version])).toEqual([
      ['adjusted', 1],
      ['earned', 2],
    ]);
    const account = (await points.toldOf(userId, 2))[1]?.value;
    expect(account).toMatchObject({ accountVersion: 3, balance: 620n });
  });
});
