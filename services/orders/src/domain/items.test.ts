import { isLuhnValid } from '@g-store/values';
import fc from 'fast-check';
import { priced, total } from './items.js';
import { orderNumber } from './order-number.js';

const mug = { sku: 'MUG', description: 'A blue mug', price: 89_000n };

describe('pricing an item', () => {
  it("takes the catalogue's word for goods of the catalogue", () => {
    const asked = { sku: 'MUG', description: 'a golden mug', quantity: 2 };
    expect(priced(asked, mug, 0)).toEqual({ ...mug, quantity: 2 });
  });

  it('refuses when the customer was shown another price', () => {
    expect(priced({ sku: 'MUG', price: 89_000n, quantity: 1 }, mug, 0).price).toBe(89_000n);
    expect(() => priced({ sku: 'MUG', price: 88_999n, quantity: 1 }, mug, 3)).toThrow(
      expect.objectContaining({ code: 'price_changed', pointer: '/items/3/price' }),
    );
  });

  it('refuses goods that the catalogue does not hold', () => {
    expect(() => priced({ sku: 'CUP', price: 1n, description: 'x', quantity: 1 }, undefined, 1)).toThrow(
      expect.objectContaining({ code: 'validation_failed', pointer: '/items/1/sku' }),
    );
  });

  it("takes the caller's word for anything else, given a description and a price", () => {
    const repair = { description: 'Repair', price: 5n, quantity: 3 };
    expect(priced(repair, undefined, 0)).toEqual(repair);
    expect(() => priced({ quantity: 1, price: 5n }, undefined, 0)).toThrow(
      expect.objectContaining({ code: 'validation_failed', pointer: '/items/0' }),
    );
  });

  it('sums prices times quantities exactly', () => {
    const item = { description: 'gold', price: 9_007_199_254_740_993n, quantity: 1_000 };
    expect(total([item, { ...item, price: 1n, quantity: 1 }])).toBe(9_007_199_254_740_993_001n);
  });
});

describe('the number of an order', () => {
  it('is sixteen digits that pass the Luhn check, whatever chance says', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(chance, (random) => {
        const number = orderNumber(random);
        expect(number).toMatch(/^[1-9]\d{15}$/);
        expect(isLuhnValid(number)).toBe(true);
      }),
    );
  });

  it('is not the one after the last', () => {
    expect(orderNumber(0)).toBe('1000000000000008');
    expect(BigInt(orderNumber(0.5)) - BigInt(orderNumber(0.25))).toBeGreaterThan(10n ** 15n);
  });
});
