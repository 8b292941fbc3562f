import { readAmount } from './amounts.js';

describe('an amount that somebody types', () => {
  it.each([
    ['12', 1200n],
    ['12.5', 1250n],
    ['12,50', 1250n],
    [' 1 234,5 ', 123450n],
    ['1\u00a0234\u202f567.89', 123456789n],
    ["1'000", 100000n],
    ['007', 700n],
    ['0,01', 1n],
    ['10000000000', 1_000_000_000_000n],
  ])('%j is understood to the last unit', (typed, minor) => {
    expect(readAmount(typed)).toBe(minor);
  });

  it.each([
    ['', 'notANumber'],
    ['abc', 'notANumber'],
    ['1e3', 'notANumber'],
    ['-5', 'positive'],
    ['0', 'positive'],
    ['0,00', 'positive'],
    ['1,234', 'notANumber'],
    ['1,234.50', 'notANumber'],
    ['12.345', 'notANumber'],
    ['１２', 'notANumber'],
    ['10000000000.01', 'tooLarge'],
    ['9'.repeat(40), 'tooLarge'],
  ])('%j is refused, and says why', (typed, fault) => {
    expect(readAmount(typed)).toBe(fault);
  });

  it('may have a limit of its own', () => {
    expect(readAmount('5.01', 500n)).toBe('tooLarge');
    expect(readAmount('5', 500n)).toBe(500n);
  });
});
