import type { Change } from './changes.js';
import { createNewest, createSeen } from './seen.js';

const order = (orderId: string, version: number): Change => ({
  type: 'order.status.changed',
  data: { orderId, status: 'PAID', version, at: '' },
});

describe('what has been heard already', () => {
  it('is known by what it is about and its version', () => {
    const seen = createSeen();
    expect([order('a', 1), order('a', 2), order('b', 1), order('a', 1)].map(seen.isNew)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('is forgotten when so much has come since that it cannot come again', () => {
    const seen = createSeen(2);
    [order('a', 1), order('a', 2), order('a', 3)].forEach(seen.isNew);
    expect(seen.isNew(order('a', 3))).toBe(false);
    expect(seen.isNew(order('a', 1))).toBe(true);
  });

  it('of one order is whatever is not newer', () => {
    const seen = createNewest();
    expect([order('a', 3), order('a', 2), order('a', 3), order('a', 4)].map(seen.isNew)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
