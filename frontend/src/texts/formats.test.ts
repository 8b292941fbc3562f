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
