import { moneyFateOf, offerOf } from './steps.js';

describe('what staff can do with an order', () => {
  it.each([
    ['PAID', 'ASSEMBLING'],
    ['ASSEMBLING', 'ASSEMBLED'],
    ['ASSEMBLED', 'DELIVERING'],
    ['DELIVERING', 'ISSUED'],
  ] as const)('%s: the one next thing is %s', (status, next) => {
    const offer = offerOf({ status });
    expect(offer.next).toBe(next);
    expect(offer.steps.map(({ action }) => action)).not.toContain(next);
    expect(offer.cancel.every(({ whyNot }) => whyNot === undefined)).toBe(true);
  });

  it('says of each other step why it is not its turn', () => {
    expect(offerOf({ status: 'ASSEMBLED' }).steps).toEqual([
      { action: 'ASSEMBLING', whyNot: 'done' },
      { action: 'ASSEMBLED', whyNot: 'done' },
      { action: 'ISSUED', whyNot: 'later' },
    ]);
    expect(offerOf({ status: 'PAID' }).steps.map(({ whyNot }) => whyNot)).toEqual(['later', 'later', 'later']);
  });

  it('waits for the payment, but may already cancel', () => {
    const { next, steps, cancel } = offerOf({ status: 'PENDING' });
    expect(next).toBeUndefined();
    expect(new Set(steps.map(({ whyNot }) => whyNot))).toEqual(new Set(['unpaid']));
    expect(cancel.every(({ whyNot }) => whyNot === undefined)).toBe(true);
  });

  it.each([
    ['ISSUED', 'issued', 'done'],
    ['CANCELLED', 'cancelled', 'cancelled'],
  ] as const)('%s: nothing is left to do', (status, cancelWhy, stepWhy) => {
    const { next, steps, cancel } = offerOf({ status });
    expect(next).toBeUndefined();
    expect(steps.map(({ whyNot }) => whyNot)).toEqual([stepWhy, stepWhy, stepWhy, stepWhy]);
    expect(cancel.map(({ whyNot }) => whyNot)).toEqual([cancelWhy, cancelWhy]);
  });
});

describe('the money of an order', () => {
  it.each([
    [{ status: 'PENDING' }, 'waiting'],
    [{ status: 'PAID' }, 'held'],
    [{ status: 'DELIVERING' }, 'held'],
    [{ status: 'ISSUED' }, 'settled'],
    [{ status: 'CANCELLED', cancellationReason: 'OUT_OF_STOCK' }, 'returned'],
    [{ status: 'CANCELLED', cancellationReason: 'INSUFFICIENT_POINTS' }, 'returned'],
    [{ status: 'CANCELLED', cancellationReason: 'INSUFFICIENT_FUNDS' }, 'none'],
  ] as const)('%j is %s', (order, fate) => {
    expect(moneyFateOf(order)).toBe(fate);
  });
});
