import type { Order } from '@g-store/client';
import {
  basketLike,
  emptyBasket,
  linesOf,
  mostPoints,
  orderOfAmount,
  orderOfItems,
  sumOf,
  withQuantity,
} from './basket.js';

const mug = { sku: 'MUG-BLUE', description: 'Stoneware mug', price: 89_000 };
const pot = { sku: 'TEAPOT-IRON', description: 'Cast-iron teapot', price: 459_000 };

describe('a basket', () => {
  it('holds what was chosen, in the order of the shelves, and adds it up', () => {
    const basket = withQuantity(withQuantity(emptyBasket, pot.sku, 1), mug.sku, 2);
    const lines = linesOf(basket, [mug, pot]);
    expect(lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['MUG-BLUE', 2],
      ['TEAPOT-IRON', 1],
    ]);
    expect(sumOf(lines)).toBe(637_000n);
    expect(orderOfItems(lines, 50n)).toEqual({
      items: [
        { sku: 'MUG-BLUE', price: 89_000, quantity: 2 },
        { sku: 'TEAPOT-IRON', price: 459_000, quantity: 1 },
      ],
      pointsToSpend: 50,
    });
  });

  it('forgets what nobody wants any more, and takes at most a thousand of one', () => {
    const basket = withQuantity(withQuantity(emptyBasket, 'A', 5_000), 'B', 3);
    expect(withQuantity(basket, 'B', 0).quantityBySku).toEqual({ A: 1_000 });
    expect(withQuantity(basket, 'B', Number.NaN).quantityBySku).toEqual({ A: 1_000 });
  });

  it('takes at most a hundred different things', () => {
    const full = Array.from({ length: 100 }, (_, n) => `S${n}`).reduce(
      (basket, sku) => withQuantity(basket, sku, 1),
      emptyBasket,
    );
    expect(withQuantity(full, 'ONE-MORE', 1)).toBe(full);
    expect(withQuantity(full, 'S3', 2).quantityBySku['S3']).toBe(2);
  });

  it('leaves out what is no longer on the shelves', () => {
    expect(linesOf({ ...emptyBasket, quantityBySku: { GONE: 1 } }, [mug])).toEqual([]);
  });

  it('is exact where a computer would not be', () => {
    expect(
      sumOf([
        { price: 1_000_000_000_000, quantity: 1_000 },
        { price: 1, quantity: 1 },
      ]),
    ).toBe(1_000_000_000_000_001n);
  });

  it('pays with no more points than there are, and than it costs', () => {
    expect([mostPoints(500, 300n), mostPoints(200, 300n)]).toEqual([300n, 200n]);
  });

  it('can be filled like an order of before', () => {
    const order = { items: [{ ...mug, quantity: 3 }], amount: 267_000 } as unknown as Order;
    expect(basketLike(order).quantityBySku).toEqual({ 'MUG-BLUE': 3 });
    const plain = { items: [], amount: 120_05, description: 'gift' } as unknown as Order;
    expect(basketLike(plain)).toMatchObject({ amount: '120.05', description: 'gift' });
  });
});

it('says what a plain amount is for only when somebody has said so', () => {
  expect(orderOfAmount(500n, '  ', 0n)).toEqual({ amount: 500, pointsToSpend: 0 });
  expect(orderOfAmount(500n, ' gift ', 0n)).toEqual({ amount: 500, description: 'gift', pointsToSpend: 0 });
});
