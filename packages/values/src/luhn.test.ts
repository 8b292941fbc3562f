import fc from 'fast-check';
import { isLuhnValid, withLuhnDigit } from './index.js';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 30 });

describe('the check digit of an order number', () => {
  it.each(['79927398713', '12345678903', '9278923470', '346436439', '4561261212345467', '0'])(
    'makes %s valid',
    (number) => {
      expect(isLuhnValid(number)).toBe(true);
    },
  );

  it.each(['79927398710', '12345678900', '4561261212345464', '', ' 0', '0 ', '1234a', '-18', '１８', '18\n'])(
    'does not make %j valid',
    (number) => {
      expect(isLuhnValid(number)).toBe(false);
    },
  );

  it('makes any digits a valid number, and no other last digit does', () => {
    fc.assert(
      fc.property(digits, (start) => {
        const valid = [...'0123456789'].map((last) => `${start}${last}`).filter(isLuhnValid);
        expect(valid).toEqual([withLuhnDigit(start)]);
      }),
    );
  });

  it('catches one wrong digit', () => {
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (start, place, more) => {
        const number = withLuhnDigit(start);
        const at = place % number.length;
        const wrong = `${number.slice(0, at)}${(Number(number[at]) + more) % 10}${number.slice(at + 1)}`;
        expect(isLuhnValid(wrong)).toBe(false);
      }),
    );
  });

  it('is only made for digits', () => {
    expect(() => withLuhnDigit('12x')).toThrow(RangeError);
    expect(() => withLuhnDigit('')).toThrow(RangeError);
  });
});
