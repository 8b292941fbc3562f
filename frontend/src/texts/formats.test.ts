import { createFormats, languages } from './formats.js';

describe('money', () => {
  it('is written as each language does', () => {
    expect(languages.map((language) => createFormats(language).money(123450, 'RUB').replace(/\s/g, ' '))).toEqual([
      '₽1,234.50',
      '1 234,50 ₽',
      '₽1.234,50',
    ]);
  });

  it('is exact up to the largest balance', () => {
    expect(createFormats('en').money(Number.MAX_SAFE_INTEGER, 'RUB')).toBe('₽90,071,992,547,409.91');
  });
});

it('writes points with as many places as they have', () => {
  const { points } = createFormats('en');
  expect([points(72998), points(50050), points(4200)]).toEqual(['729.98', '500.5', '42']);
});

it('writes how long something took by its largest unit', () => {
  const { duration } = createFormats('en');
  expect([0, 320, 4_230, 200_000, 7_200_000, 3 * 86_400_000].map(duration)).toEqual([
    '0 ms',
    '320 ms',
    '4.2 sec',
    '3 min',
    '2 hr',
    '3 days',
  ]);
});

it('tells two events of the same second apart', () => {
  const { instant } = createFormats('ru');
  expect(instant('2026-11-06T14:05:09.123Z')).toMatch(/09[.,]123/);
});
