import { MAX_AMOUNT } from '@g-store/values';
import { open } from './ledger.js';
import { charge, refund, settle } from './payment.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const wallet = { ...open(undefined, { id: 'a1', userId: 'u1', currency: 'RUB' }, now), balance: 1_000n, version: 3 };
const order = { orderId: 'o1', owner: 'u1', amount: 400n, currency: 'RUB' };

describe('charging an order', () => {
  it('takes the money out of the wallet and says SUCCESS', () => {
    const { account, payment, transfer, fact } = charge(undefined, wallet, order, now);
    expect(account).toMatchObject({ balance: 600n, held: 400n, version: 4 });
    expect(payment).toMatchObject({ state: 'charged', amount: 400n, version: 1 });
    expect(transfer).toMatchObject({
      kind: 'charge',
      amount: 400n,
      orderId: 'o1',
      wallet: { version: 4, balance: 600n },
    });
    expect(fact).toEqual({ type: 'PaymentProcessed', status: 'SUCCESS', amount: 400n, accountId: 'a1' });
  });

  it('may leave exactly nothing', () => {
    expect(charge(undefined, wallet, { ...order, amount: 1_000n }, now).account?.balance).toBe(0n);
  });

  it.each([
    ['INSUFFICIENT_FUNDS', 'there is a kopeck too little', wallet, { ...order, amount: 1_001n }],
    ['NO_PAYMENT_ACCOUNT', 'there is no account', undefined, order],
    ['PAYMENT_INTERNAL_ERROR', 'the wallet holds another currency', wallet, { ...order, currency: 'EUR' }],
    ['PAYMENT_INTERNAL_ERROR', 'points pay more than the price', wallet, { ...order, amount: -1n }],
    ['PAYMENT_INTERNAL_ERROR', 'no amount may be that large', wallet, { ...order, amount: MAX_AMOUNT + 1n }],
  ])('fails with %s when %s, and moves nothing', (reason, _, account, placed) => {
    const decision = charge(undefined, account, placed, now);
    expect(decision).toMatchObject({ payment: { state: 'refused', reason }, fact: { status: 'FAILED', reason } });
    expect(decision).not.toHaveProperty('transfer');
    expect(decision).not.toHaveProperty('account');
  });

  it('needs neither a transfer nor an account when points pay for all of it', () => {
    const decision = charge(undefined, undefined, { ...order, amount: 0n }, now);
    expect(decision).toEqual({
      payment: expect.objectContaining({ state: 'charged', amount: 0n, version: 1 }),
      fact: { type: 'PaymentProcessed', status: 'SUCCESS', amount: 0n },
    });
  });

  it.each(['charged', 'refused', 'cancelled', 'refunded', 'settled'] as const)(
    'does nothing to one that is %s',
    (state) => {
      const { payment } = charge(undefined, wallet, order, now);
      expect(payment && charge({ ...payment, state }, wallet, order, now)).toEqual({});
    },
  );
});

describe('when an order is cancelled', () => {
  const charged = charge(undefined, wallet, order, now);

  it('gives back exactly what was charged', () => {
    const { account, payment, transfer, fact } = refund(charged.payment, charged.account, order, now);
    expect(account).toMatchObject({ balance: 1_000n, held: 0n, version: 5 });
    expect(payment).toMatchObject({ state: 'refunded', version: 2 });
    expect(transfer).toMatchObject({ kind: 'refund', amount: 400n, orderId: 'o1' });
    expect(fact).toEqual({ type: 'PaymentRefunded', amount: 400n, accountId: 'a1' });
  });

  it('gives back once, however often it hears of it', () => {
    const once = refund(charged.payment, charged.account, order, now);
    expect(refund(once.payment, once.account, order, now)).toEqual({});
  });

  it('charges nothing for it later when its creation has not been heard yet', () => {
    const { payment, ...rest } = refund(undefined, wallet, order, now);
    expect(payment).toMatchObject({ state: 'cancelled', owner: 'u1', amount: 0n, version: 0 });
    expect(rest).toEqual({});
    expect(charge(payment, wallet, order, now)).toEqual({});
  });

  it('has nothing to give back for one that was refused, or paid by points alone', () => {
    const refused = charge(undefined, undefined, order, now);
    expect(refund(refused.payment, undefined, order, now)).toEqual({});
    const free = charge(undefined, undefined, { ...order, amount: 0n }, now);
    expect(refund(free.payment, undefined, order, now)).toEqual({ payment: { ...free.payment, state: 'cancelled' } });
  });

  it('never pays into a wallet that was not charged', () => {
    expect(() => refund(charged.payment, { ...wallet, userId: 'u2' }, order, now)).toThrow('another account');
    expect(() => refund(charged.payment, undefined, order, now)).toThrow('another account');
  });
});

describe('when an order is issued', () => {
  const charged = charge(undefined, wallet, order, now);

  it('books what was held as earned, once, and tells nobody', () => {
    const { account, payment, transfer, fact } = settle(charged.payment, charged.account, 'o1', now);
    expect(account).toMatchObject({ balance: 600n, held: 0n, version: 4 });
    expect(payment).toMatchObject({ state: 'settled', version: 1 });
    expect(transfer).toMatchObject({ kind: 'settle', amount: 400n });
    expect(fact).toBeUndefined();
    expect(settle(payment, account, 'o1', now)).toEqual({});
  });

  it('moves nothing for one that points paid', () => {
    const free = charge(undefined, undefined, { ...order, amount: 0n }, now);
    expect(settle(free.payment, undefined, 'o1', now)).toEqual({ payment: { ...free.payment, state: 'settled' } });
  });

  it('raises the alarm when it was never paid, and when a final sale is cancelled', () => {
    expect(() => settle(undefined, wallet, 'o1', now)).toThrow('its payment is unknown');
    const refunded = refund(charged.payment, charged.account, order, now);
    expect(() => settle(refunded.payment, wallet, 'o1', now)).toThrow('its payment is refunded');
    const settled = settle(charged.payment, charged.account, 'o1', now);
    expect(() => refund(settled.payment, wallet, order, now)).toThrow('after it had been settled');
  });
});
