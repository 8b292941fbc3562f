import type { Order } from '../domain/order.js';
import { advanceOrder, cancelOrder, cancelOrderByStaff, placeOrder, settlePart, toStatus } from './orders.js';
import { fakeWork } from './work.fake.js';

const at = new Date('2026-03-01T11:00:00Z');
const pending: Order = {
  id: 'o1',
  number: '1000000000000008',
  userId: 'anna',
  amount: 500n,
  currency: 'RUB',
  pointsToSpend: 0n,
  status: 'PENDING',
  items: [],
  version: 1,
  createdAt: at,
  updatedAt: at,
};
const paid: Order = { ...pending, status: 'PAID', version: 2 };
const mug = { sku: 'MUG', description: 'A blue mug', price: 89_000n };
const order = { userId: 'anna', currency: 'RUB', pointsToSpend: 0n };

describe('when a customer orders', () => {
  it('places an order of a plain amount', async () => {
    const { work, announced, orders } = fakeWork();
    const placed = await placeOrder(work, { ...order, wanted: { amount: 500n }, description: 'tea' });
    expect(placed).toMatchObject({
      userId: 'anna',
      amount: 500n,
      status: 'PENDING',
      version: 1,
      description: 'tea',
      items: [],
    });
    expect(orders.get(placed.id)).toEqual(placed);
    expect(announced).toEqual([{ type: 'OrderCreated' }]);
  });

  it('adds up the items, priced by the catalogue where it knows them', async () => {
    const { work } = fakeWork([], [mug]);
    const lines = [
      { sku: 'MUG', quantity: 2 },
      { description: 'Gift wrap', price: 100n, quantity: 1 },
    ];
    const placed = await placeOrder(work, { ...order, wanted: { lines } });
    expect(placed.amount).toBe(178_100n);
    expect(placed.items).toEqual([
      { ...mug, quantity: 2 },
      { description: 'Gift wrap', price: 100n, quantity: 1 },
    ]);
  });

  it('records nothing when a price has changed meanwhile', async () => {
    const { work, orders, announced } = fakeWork([], [mug]);
    const lines = [{ sku: 'MUG', price: 1n, quantity: 1 }];
    await expect(placeOrder(work, { ...order, wanted: { lines } })).rejects.toMatchObject({ code: 'price_changed' });
    expect([orders.size, announced]).toEqual([0, []]);
  });

  it('is the owner of an order that the store has placed for her, and the store is written down', async () => {
    const { work, audited } = fakeWork();
    const wanted = { amount: 500n };
    const placed = await placeOrder(work, { ...order, wanted, actor: 'boris' });
    expect(placed.userId).toBe('anna');
    expect(placed).not.toHaveProperty('actor');
    expect(audited).toEqual([{ actor: 'boris', act: 'place', orderId: placed.id, detail: { for: 'anna' } }]);
    await placeOrder(work, { ...order, wanted, actor: 'anna' });
    expect(audited).toHaveLength(1);
  });

  it('refuses an order of nothing', async () => {
    const { work } = fakeWork();
    await expect(placeOrder(work, { ...order, wanted: { lines: [] } })).rejects.toThrow(
      'order amount must be positive',
    );
  });
});

describe('when a customer changes their mind', () => {
  it('cancels the order', async () => {
    const { work, orders, announced } = fakeWork([paid]);
    await cancelOrder(work, { orderId: 'o1', actor: 'anna' });
    expect(orders.get('o1')).toMatchObject({ status: 'CANCELLED', cancellationReason: 'CHANGED_MIND', version: 3 });
    expect(announced).toEqual([{ type: 'OrderCancelled', reason: 'CHANGED_MIND', source: 'CUSTOMER', from: 'PAID' }]);
  });

  it("knows no difference between another's order and none", async () => {
    const { work, announced } = fakeWork([pending]);
    const refusal = (orderId: string) =>
      cancelOrder(work, { orderId, actor: 'clara' }).catch((error: unknown) => error);
    expect(await refusal('o1')).toEqual(await refusal('o2'));
    expect(await refusal('o1')).toMatchObject({ code: 'not_found' });
    expect(announced).toEqual([]);
  });

  it('does nothing to an order that has changed since it was looked at', async () => {
    const { work, announced } = fakeWork([paid]);
    const seen = (expected: number) => (version: number) => {
      if (version !== expected) throw new RangeError('it has changed since you read it');
    };
    const stale = cancelOrder(work, { orderId: 'o1', actor: 'anna', checkVersion: seen(1) });
    await expect(stale).rejects.toThrow(RangeError);
    expect(announced).toEqual([]);
    await cancelOrder(work, { orderId: 'o1', actor: 'anna', checkVersion: seen(2) });
    expect(announced).toHaveLength(1);
  });
});

describe('when the store acts', () => {
  it('moves an order on and writes down who did it', async () => {
    const { work, orders, audited } = fakeWork([paid]);
    await advanceOrder(work, { orderId: 'o1', actor: 'key:till', status: 'ASSEMBLING' });
    expect(orders.get('o1')).toMatchObject({ status: 'ASSEMBLING', version: 3 });
    expect(audited).toEqual([
      { actor: 'key:till', act: 'status', orderId: 'o1', detail: { from: 'PAID', to: 'ASSEMBLING' } },
    ]);
  });

  it('cancels an order for a reason of its own and writes down who did it', async () => {
    const { work, announced, audited } = fakeWork([paid]);
    await cancelOrderByStaff(work, { orderId: 'o1', actor: 'boris', reason: 'OUT_OF_STOCK' });
    expect(announced).toEqual([{ type: 'OrderCancelled', reason: 'OUT_OF_STOCK', source: 'STAFF', from: 'PAID' }]);
    expect(audited).toEqual([
      { actor: 'boris', act: 'cancel', orderId: 'o1', detail: { from: 'PAID', reason: 'OUT_OF_STOCK' } },
    ]);
  });

  it.each([
    ['PAID', 'forbidden'],
    ['ISSUED', 'invalid_transition'],
    ['CANCELLED', 'invalid_transition'],
  ] as const)('refuses to move a paid order to %s and writes down nothing', async (status, code) => {
    const { work, announced, audited } = fakeWork([paid]);
    await expect(advanceOrder(work, { orderId: 'o1', actor: 'boris', status })).rejects.toMatchObject({ code });
    expect([announced, audited]).toEqual([[], []]);
  });

  it('knows no other states than those of an order', () => {
    expect(toStatus('ISSUED')).toBe('ISSUED');
    expect(() => toStatus('issued')).toThrow(
      expect.objectContaining({ code: 'invalid_status', message: 'invalid order status' }),
    );
  });

  it('finds no order that is not there', async () => {
    const { work } = fakeWork();
    const command = { orderId: 'o1', actor: 'boris' };
    await expect(advanceOrder(work, { ...command, status: 'ASSEMBLING' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(cancelOrderByStaff(work, { ...command, reason: 'OUT_OF_STOCK' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('when payments answers', () => {
  it('marks a paid order as paid and keeps the answer', async () => {
    const { work, orders, answers } = fakeWork([pending]);
    await settlePart(work, 'payment', { orderId: 'o1', amount: 500n, succeeded: true });
    expect(orders.get('o1')).toMatchObject({ status: 'PAID', version: 2 });
    expect(answers.get('o1')).toEqual([{ part: 'payment', amount: 500n, succeeded: true }]);
  });

  it('leaves an order alone that its customer has cancelled meanwhile', async () => {
    const { work, announced, answers } = fakeWork([{ ...pending, status: 'CANCELLED' }]);
    await settlePart(work, 'payment', { orderId: 'o1', amount: 500n, succeeded: true });
    expect([announced, answers.size]).toEqual([[], 0]);
  });

  it('keeps an answer without a version or an event while points have not answered', async () => {
    const waiting = { ...pending, pointsToSpend: 100n };
    const { work, orders, announced, answers } = fakeWork([waiting]);
    await settlePart(work, 'payment', { orderId: 'o1', amount: 400n, succeeded: true });
    expect([orders.get('o1'), announced]).toEqual([waiting, []]);
    expect(answers.get('o1')).toHaveLength(1);
  });

  it('does not take an answer about an order that it does not know', async () => {
    const { work } = fakeWork();
    await expect(settlePart(work, 'payment', { orderId: 'o9', amount: 1n, succeeded: true })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
