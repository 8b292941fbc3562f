import { OrderRefused } from '../domain/refused.js';
import { toPlaceOrder } from './place-order.js';
import { placeBody } from './schemas.js';

const ask = (body: object, shop = { takesPoints: true }) => toPlaceOrder(placeBody.parse(body), shop);
const answerTo = (body: object, shop?: { takesPoints: boolean }): string => {
  try {
    ask(body, shop);
    return 'taken';
  } catch (error) {
    return error instanceof OrderRefused ? `${error.code}: ${error.message}` : String(error);
  }
};
const wrap = { description: 'Gift wrap', price: 100, quantity: 2 };

describe('what a customer may ask for', () => {
  it('is an amount, or items, and what it costs is exact', () => {
    expect(ask({ amount: 1_000_000_000_000 }).wanted).toEqual({ amount: 1_000_000_000_000n });
    expect(ask({ items: [wrap, { sku: 'MUG', quantity: 1 }], description: 'hi' })).toEqual({
      wanted: {
        lines: [
          { ...wrap, price: 100n },
          { sku: 'MUG', quantity: 1 },
        ],
      },
      pointsToSpend: 0n,
      description: 'hi',
    });
  });

  it.each([{}, { amount: 0 }, { amount: -5 }, { items: [] }, { items: [{ ...wrap, price: 0 }] }])(
    'is not nothing: %j',
    (body) => expect(answerTo(body)).toBe('validation_failed: order amount must be positive'),
  );

  it('is not an amount and items at once, and not more than an order may cost', () => {
    expect(answerTo({ amount: 200, items: [wrap] })).toMatch(/^validation_failed: .*not both/);
    expect(answerTo({ items: [{ ...wrap, price: 1_000_000_000_000 }] })).toMatch(/^validation_failed: .*at most/);
  });

  it('is not an item that nobody knows the price of', () => {
    expect(
      answerTo({
        items: [
          { sku: 'MUG', quantity: 1 },
          { description: 'Wrap', quantity: 1 },
        ],
      }),
    ).toMatch(/^validation_failed/);
  });

  it('may be paid with points, up to all of it', () => {
    expect(ask({ amount: 500, pointsToSpend: 500 }).pointsToSpend).toBe(500n);
    expect(answerTo({ amount: 500, pointsToSpend: 501 })).toMatch(/^validation_failed/);
    expect(answerTo({ items: [wrap], pointsToSpend: 201 })).toMatch(/^validation_failed/);
  });

  it('is not paid with points where nobody takes any, whatever the goods will cost', () => {
    const shop = { takesPoints: false };
    expect(answerTo({ amount: 500, pointsToSpend: 500 }, shop)).toMatch(/^points_unavailable/);
    expect(answerTo({ items: [{ sku: 'MUG', quantity: 1 }], pointsToSpend: 1 }, shop)).toMatch(/^points_unavailable/);
    expect(answerTo({ amount: 500, pointsToSpend: 501 }, shop)).toMatch(/^validation_failed/);
    expect(answerTo({ amount: 500, pointsToSpend: 0 }, shop)).toBe('taken');
  });

  it.each([
    [{}, '/amount'],
    [{ amount: 0 }, '/amount'],
    [{ items: [] }, '/items'],
    [{ items: [{ ...wrap, price: 1_000_000_000_000 }] }, '/items'],
    [{ amount: 5, pointsToSpend: 6 }, '/pointsToSpend'],
  ])('is refused with the field that is wrong: %j names %s', (body, pointer) => {
    expect(() => ask(body)).toThrow(expect.objectContaining({ pointer }));
  });

  it.each([
    { amount: 1.5 },
    { amount: '1' },
    { amount: 1_000_000_000_001 },
    { amount: 2 ** 53 },
    { amount: 1, status: 'PAID' },
    { amount: 1, userId: '00000000-0000-7000-8000-000000000001' },
    { amount: 1, pointsToSpend: -1 },
    { amount: 1, description: 'x'.repeat(1_001) },
    { items: [{ ...wrap, quantity: 0 }] },
    { items: [{ ...wrap, quantity: 1_001 }] },
    { items: [{ ...wrap, price: -1 }] },
    { items: Array.from({ length: 101 }, () => wrap) },
  ])('is well written, unlike %j', (body) => expect(placeBody.safeParse(body).success).toBe(false));
});
