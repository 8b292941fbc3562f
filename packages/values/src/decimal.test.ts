import fc from 'fast-check';
import { formatDecimal, MAX_AMOUNT, MAX_BALANCE, parseDecimal, percentHalfUp } from './index.js';

const amount = fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n });

describe('an amount written as a decimal', () => {
  it.each([
    ['729.98', 72998n],
    ['500.5', 50050n],
    ['42', 4200n],
    ['0', 0n],
    ['0.01', 1n],
    ['-0.01', -1n],
    ['-12.30', -1230n],
    ['9007199254740993.00', 900719925474099300n],
  ])('%s is read to the last unit', (text, minor) => {
    expect(parseDecimal(text)).toBe(minor);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '.5',
    '5.',
    '1.234',
    '1e2',
    '+1',
    '--1',
    '01',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '１',
    '1\n',
    '-',
    '9'.repeat(40),
  ])('%j is refused', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it.each([
    [72998n, '729.98'],
    [50050n, '500.5'],
    [4200n, '42'],
    [0n, '0'],
    [5n, '0.05'],
    [-5n, '-0.05'],
    [-50050n, '-500.5'],
  ])('%s minor units are written as short as can be', (minor, text) => {
    expect(formatDecimal(minor)).toBe(text);
  });

  it('comes back from writing as it was', () => {
    fc.assert(fc.property(amount, (minor) => expect(parseDecimal(formatDecimal(minor))).toBe(minor)));
  });

  it('is written as JSON writes the number, as far as a double is exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (minor) => {
        expect(formatDecimal(minor)).toBe(JSON.stringify(Number(minor) / 100));
      }),
    );
  });
});

describe('a percentage', () => {
  it('rounds half a unit up', () => {
    expect(percentHalfUp(1459950n, 500n)).toBe(72998n); // 14599.50 × 5 % = 729.975
    expect(percentHalfUp(1n, 5000n)).toBe(1n);
    expect(percentHalfUp(1n, 4999n)).toBe(0n);
    expect(percentHalfUp(-1n, 5000n)).toBe(0n);
    expect(percentHalfUp(-1n, 5001n)).toBe(-1n);
    expect(percentHalfUp(0n, 500n)).toBe(0n);
    expect(percentHalfUp(72998n, 10_000n)).toBe(72998n);
  });

  it('is the one whole number from half a unit below the exact value, left out, to half a unit above it', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: -100_000n, max: 1_000_000n }), (minor, percent) => {
        const exact = minor * percent; // in 1/10,000 of a unit
        const missing = percentHalfUp(minor, percent) * 10_000n - exact;
        expect(missing > -5_000n && missing <= 5_000n).toBe(true);
      }),
    );
  });
});

it('knows the largest amount and the largest balance', () => {
  expect([MAX_AMOUNT, MAX_BALANCE]).toEqual([1_000_000_000_000n, BigInt(Number.MAX_SAFE_INTEGER)]);
});
