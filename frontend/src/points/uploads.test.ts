import { decidedSince, someAreOpen, toUpload, type Upload } from './uploads.js';

const upload = (number: string, status: Upload['status']): Upload => ({ number, status, earned: undefined, at: '' });

describe('numbers that were handed in', () => {
  it('earn points to the last hundredth', () => {
    const line = { number: '18', status: 'PROCESSED', accrual: 729.98, uploaded_at: '2026-11-06T10:00:00Z' } as const;
    expect(toUpload(line)).toEqual({ number: '18', status: 'PROCESSED', earned: 72998, at: '2026-11-06T10:00:00Z' });
  });

  it('are looked at again while one of them is open', () => {
    expect(someAreOpen([upload('1', 'PROCESSED'), upload('2', 'PROCESSING')])).toBe(true);
    expect(someAreOpen([upload('1', 'PROCESSED'), upload('2', 'INVALID')])).toBe(false);
    expect(someAreOpen([])).toBe(false);
  });

  it('are told once, when their fate becomes known', () => {
    const before = [upload('1', 'NEW'), upload('2', 'INVALID'), upload('3', 'PROCESSING')];
    const now = [upload('1', 'PROCESSED'), upload('2', 'INVALID'), upload('3', 'PROCESSING'), upload('4', 'PROCESSED')];
    expect(decidedSince(before, now)).toEqual([upload('1', 'PROCESSED')]);
  });
});
