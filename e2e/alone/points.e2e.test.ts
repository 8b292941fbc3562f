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
  issue,
  move,
  orderOf,
  person,
  placeOrder,
  pointsBecome,
  pointsOf,
  rewardFor,
  upload,
  uploadsOf,
  watch,
  type Person,
} from '../shop';
import { secret, verify } from '../stack';

afterAll(() => verify(), 90_000);

/** Somebody new with so much money and so many points, both in hundredths. */
async function customerWith(money: number, points: number): Promise<Person> {
  const somebody = await customer(money);
  if (points > 0) await givePoints(somebody.id, points);
  return somebody;
}

const newcomerWith = async (points: number): Promise<Person> => {
  const somebody = await person();
  await givePoints(somebody.id, points);
  return somebody;
};

const has = async (somebody: Person) => ({ money: await balanceOf(somebody), points: await pointsOf(somebody) });

describe('an order paid with points and money', () => {
  it('takes of each what it should, and its owner is told', async () => {
    const anna = await customerWith(10_000, 3_000);
    await using socket = await watch(anna);
    socket.send({ type: 'subscribe', scope: 'mine' });
    await socket.frame(({ type }) => type === 'subscribed');
    const id = await placeOrder(anna, { amount: 8_000, pointsToSpend: 2_500 });
    expect((await becomes(anna, id, 'PAID')).points).toEqual({ spent: 2_500, earned: 0 });
    expect(await has(anna)).toEqual({ money: 4_500, points: 500 });
    await socket.frame(({ type }) => type === 'points.changed');
    await socket.frame(({ type }) => type === 'balance.changed');
  });

  it.each([[[]], [['ASSEMBLING']], [['ASSEMBLING', 'ASSEMBLED']], [['ASSEMBLING', 'ASSEMBLED', 'DELIVERING']]])(
    'gives both back when it is cancelled after %j',
    async (states) => {
      const anna = await customerWith(5_000, 5_000);
      const id = await placeOrder(anna, { amount: 9_000, pointsToSpend: 4_000 });
      await becomes(anna, id, 'PAID');
      await move(id, ...states);
      expect((await cancel(anna, id)).status).toBe(204);
      await balanceBecomes(anna, 5_000);
      await pointsBecome(anna, 5_000);
      expect(await orderOf(anna, id)).toMatchObject({ status: 'CANCELLED', cancellationReason: 'CHANGED_MIND' });
    },
  );

  it('gives both back when the shop cannot deliver', async () => {
    const anna = await customerWith(5_000, 5_000);
    const id = await placeOrder(anna, { amount: 10_000, pointsToSpend: 5_000 });
    await becomes(anna, id, 'PAID');
    const path = `/api/orders/v1/staff/orders/${id}/cancel`;
    const machine = { staffKey: secret('staff-api-key') };
    expectStatus(await http.post(path, { cancellationReason: 'OUT_OF_STOCK' }, machine), 204);
    await balanceBecomes(anna, 5_000);
    await pointsBecome(anna, 5_000);
  });

  it('is cancelled when there are too few points, and the money comes back', async () => {
    const anna = await customerWith(10_000, 999);
    const id = await placeOrder(anna, { amount: 5_000, pointsToSpend: 1_000 });
    expect(await becomes(anna, id, 'CANCELLED')).toMatchObject({ cancellationReason: 'INSUFFICIENT_POINTS' });
    await balanceBecomes(anna, 10_000);
    expect(await pointsOf(anna)).toBe(999);
  });

  it('is cancelled when there is too little money, or no account, and the points come back', async () => {
    const poor = await customerWith(999, 4_000);
    const refused = await placeOrder(poor, { amount: 5_000, pointsToSpend: 4_000 });
    expect(await becomes(poor, refused, 'CANCELLED')).toMatchObject({ cancellationReason: 'INSUFFICIENT_FUNDS' });
    await pointsBecome(poor, 4_000);
    expect(await balanceOf(poor)).toBe(999);
    const newcomer = await newcomerWith(4_000);
    const unpaid = await placeOrder(newcomer, { amount: 4_001, pointsToSpend: 4_000 });
    expect(await becomes(newcomer, unpaid, 'CANCELLED')).toMatchObject({ cancellationReason: 'NO_PAYMENT_ACCOUNT' });
    await pointsBecome(newcomer, 4_000);
  });

  it('is cancelled when there is neither, and nothing is taken', async () => {
    const anna = await customerWith(1, 1);
    const id = await placeOrder(anna, { amount: 10_000, pointsToSpend: 5_000 });
    const { cancellationReason } = await becomes(anna, id, 'CANCELLED');
    expect(['INSUFFICIENT_FUNDS', 'INSUFFICIENT_POINTS']).toContain(cancellationReason);
    await balanceBecomes(anna, 1);
    await pointsBecome(anna, 1);
  });

  it('cannot be paid with more points than it costs', async () => {
    const anna = await customerWith(100, 200);
    const refused = await http.post('/api/orders/v1/orders', { amount: 100, pointsToSpend: 101 }, anna);
    expect([refused.status, refused.body]).toMatchObject([400, { code: 'validation_failed' }]);
  });
});

describe('an order paid wholly with points', () => {
  it('needs no account, and may take the last point', async () => {
    const newcomer = await newcomerWith(7_777);
    const id = await placeOrder(newcomer, { amount: 7_777, pointsToSpend: 7_777 });
    expect((await becomes(newcomer, id, 'PAID')).points.spent).toBe(7_777);
    expect(await pointsOf(newcomer)).toBe(0);
    expect((await http.get('/api/payments/v1/accounts/mine', newcomer)).status).toBe(404);
    expect((await cancel(newcomer, id)).status).toBe(204);
    await pointsBecome(newcomer, 7_777);
  });

  it('and placed more often than there are points for is paid as often as there are', async () => {
    const newcomer = await newcomerWith(1_000);
    const placed = await Promise.all(
      Array.from({ length: 12 }, () => placeOrder(newcomer, { amount: 100, pointsToSpend: 100 })),
    );
    const ended = await Promise.all(
      placed.map((id) =>
        eventually(
          async () => {
            const order = await orderOf(newcomer, id);
            if (order.status === 'PENDING') throw new Error(`${id} is PENDING`);
            return order.cancellationReason ?? order.status;
          },
          { within: 30_000, every: 25 },
        ),
      ),
    );
    expect(ended.sort()).toEqual([...Array(2).fill('INSUFFICIENT_POINTS'), ...Array(10).fill('PAID')]);
    expect(await pointsOf(newcomer)).toBe(0);
  });
});

describe('a reward', () => {
  it('is earned once the order is issued, not earlier, and once', async () => {
    const [anna, match] = [await customerWith(2_000_000, 0), await rewardFor(5)];
    const id = await placeOrder(anna, { amount: 1_459_950, description: `The ${match}` });
    await becomes(anna, id, 'PAID');
    await move(id, 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING');
    expect(await pointsOf(anna)).toBe(0);
    await move(id, 'ISSUED');
    await pointsBecome(anna, 72_998);
    await eventually(async () => expect((await orderOf(anna, id)).points).toEqual({ spent: 0, earned: 72_998 }));
    const { entries } = expectStatus(
      await http.get<{ entries: readonly object[] }>('/api/points/v1/accounts/mine/entries', anna),
      200,
    );
    const { number } = await orderOf(anna, id);
    expect(entries).toMatchObject([{ type: 'EARNED', amount: 72_998, balanceAfter: 72_998, orderNumber: number }]);
  });

  it('shows its owner the accrual of an uploaded number of our own, is 409 for anybody else, and counts once', async () => {
    const [anna, boris, match] = [await customerWith(100_000, 0), await person(), await rewardFor(10)];
    const id = await placeOrder(anna, { amount: 50_000, description: match });
    await becomes(anna, id, 'PAID');
    const { number } = await orderOf(anna, id);
    await eventually(async () => expect(await upload(boris, number)).toBe(409));
    expect([await upload(anna, number), await upload(anna, number)]).toEqual([202, 200]);
    expect(await uploadsOf(anna)).toMatchObject([{ number, status: 'NEW' }]);
    await issue(id);
    await eventually(async () =>
      expect(await uploadsOf(anna)).toMatchObject([{ number, status: 'PROCESSED', accrual: 50 }]),
    );
    expect(await pointsOf(anna)).toBe(5_000);
    expect([await upload(boris, number), await upload(anna, number)]).toEqual([409, 200]);
    expect(await pointsOf(anna)).toBe(5_000);
  });

  it('that came before the upload is shown at once', async () => {
    const [anna, match] = [await customerWith(100_000, 0), await rewardFor(1)];
    const id = await placeOrder(anna, { amount: 50_000, description: match });
    await becomes(anna, id, 'PAID');
    await issue(id);
    await pointsBecome(anna, 500);
    const { number } = await orderOf(anna, id);
    expect(await upload(anna, number)).toBe(202);
    expect(await uploadsOf(anna)).toMatchObject([{ number, status: 'PROCESSED', accrual: 5 }]);
    expect(await pointsOf(anna)).toBe(500);
  });
});
