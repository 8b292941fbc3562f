import { cancelSpending, spendOn } from './order-points.js';
import type { OrderPoints, OrderState } from './order-points.js';
import { earn } from './points.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const { account } = earn(undefined, { accountId: 'u1', points: 1_000n, number: '18' }, now);
const placed = { orderId: 'o1', owner: 'u1', number: '26', points: 400n };

describe('when an order is placed', () => {
  it('spends what it wants to be paid with points', () => {
    const { order, entry } = spendOn(undefined, account, placed, now);
    expect(order).toEqual({ ...placed, state: 'spent', version: 1, createdAt: now, updatedAt: now });
    expect(entry).toMatchObject({ account: { balance: 600n }, event: { kind: 'spent', change: -400n, cause: 'o1' } });
  });

  it.each([
    ['there is a hundredth too little', { ...account, balance: 399n }],
    ['there is no account', undefined],
  ])('refuses when %s, and spends nothing', (_, short) => {
    const { order, entry } = spendOn(undefined, short, placed, now);
    expect([order?.state, order?.version, entry]).toEqual(['refused', 1, undefined]);
  });

  it('remembers the number of one that wants none, and says nothing', () => {
    const { order, entry } = spendOn(undefined, undefined, { ...placed, points: 0n }, now);
    expect([order?.state, order?.version, order?.number, entry]).toEqual(['none', 0, '26', undefined]);
  });

  it.each<OrderState>(['none', 'spent', 'refused', 'returned', 'cancelled'])(
    'does nothing to one that is %s',
    (state) => {
      const order: OrderPoints = { ...placed, state, version: 1, createdAt: now, updatedAt: now };
      expect(spendOn(order, account, placed, now)).toEqual({});
    },
  );

  it('takes what cannot be for a fault, not for an empty purse', () => {
    expect(() => spendOn(undefined, account, { ...placed, points: -1n }, now)).toThrow('must be positive');
  });
});

describe('when an order is cancelled', () => {
  const spent = spendOn(undefined, account, placed, now);

  it('returns exactly what was spent, once', () => {
    const { order, entry } = cancelSpending(spent.order, spent.entry?.account, placed, now);
    expect([order?.state, order?.version]).toEqual(['returned', 2]);
    expect(entry).toMatchObject({ account: { balance: 1_000n, spent: 0n }, event: { kind: 'returned', change: 400n } });
    expect(cancelSpending(order, entry?.account, placed, now)).toEqual({});
  });

  it('never goes to an account that did not pay', () => {
    for (const other of [undefined, { ...account, id: 'u2' }])
      expect(() => cancelSpending(spent.order, other, placed, now)).toThrow('another account');
  });

  it('spends nothing on it later when its creation has not been heard yet', () => {
    const { order, entry } = cancelSpending(undefined, account, placed, now);
    expect(entry).toBeUndefined();
    expect(order).toMatchObject({ state: 'cancelled', owner: 'u1', points: 0n, version: 0 });
    expect(spendOn(order, account, placed, now)).toEqual({});
  });

  it('has nothing to return for one that was refused, or wanted none', () => {
    const refused = spendOn(undefined, undefined, placed, now);
    expect(cancelSpending(refused.order, undefined, placed, now)).toEqual({});
    const none = spendOn(undefined, undefined, { ...placed, points: 0n }, now);
    expect(cancelSpending(none.order, account, placed, now)).toEqual({ order: { ...none.order, state: 'cancelled' } });
  });
});
