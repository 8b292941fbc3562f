import { readOrderNumber } from './order-number.js';

describe('an order number from a receipt', () => {
  it.each([
    ['12345678903', '12345678903'],
    [' 1234 5678 903 ', '12345678903'],
    ['1234-5678-903', '12345678903'],
  ])('%j is read as %s', (typed, number) => {
    expect(readOrderNumber(typed)).toEqual({ number });
  });

  it.each([
    ['', 'digits'],
    ['12a', 'digits'],
    ['１２３', 'digits'],
    ['12345678904', 'luhn'],
    ['0'.repeat(256), 'luhn'],
  ])('%j is refused, and says why', (typed, fault) => {
    expect(readOrderNumber(typed)).toEqual({ fault });
  });
});
