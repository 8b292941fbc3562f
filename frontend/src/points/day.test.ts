import { dayOf, endOfDay } from './day.js';

const now = new Date(2026, 10, 27, 12, 0);

describe('the balance on a date', () => {
  it('is that of the end of the day, where the reader is', () => {
    expect(endOfDay('2026-11-06', now)).toBe(new Date(2026, 10, 6, 23, 59, 59, 999).toISOString());
  });

  it('is that of now for a day that has not ended', () => {
    expect(endOfDay(dayOf(now), now)).toBe(now.toISOString());
    expect(endOfDay('2031-01-01', now)).toBe(now.toISOString());
  });

  it('begins with today', () => {
    expect(dayOf(new Date(2026, 0, 5))).toBe('2026-01-05');
  });
});
