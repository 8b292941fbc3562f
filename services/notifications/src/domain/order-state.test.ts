import { heard, type OrderState } from './order-state.js';

const placed: OrderState = { orderId: 'o1', owner: 'ann', status: 'PENDING', version: 1, at: new Date(0) };
const paid: OrderState = { ...placed, status: 'PAID', version: 2 };

describe('what is known of an order', () => {
  it('is what was heard first', () => {
    expect(heard(undefined, placed)).toBe(placed);
  });

  it('follows each change', () => {
    expect(heard(placed, paid)).toBe(paid);
  });

  it('never goes back to what it was', () => {
    expect(heard(paid, placed)).toBeUndefined();
    expect(heard(paid, { ...paid, status: 'ASSEMBLING' })).toBeUndefined();
  });
});
