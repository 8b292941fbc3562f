import type { Invariant } from '@g-store/client';
import { stateNow } from './state-now.js';

const checkedAt = '2026-11-06T12:00:00.000Z';
const minutesLater = (minutes: number): string => new Date(Date.parse(checkedAt) + minutes * 60_000).toUTCString();
const invariant = (state: Invariant['state'], checked: string | null = checkedAt): Invariant => ({
  name: 'money_conserved',
  state,
  looked: 1,
  checkedAt: checked,
  mismatches: [],
  mismatchCount: 0,
});

describe('an invariant', () => {
  it('that was just found to hold holds', () => {
    expect(stateNow(invariant('holds'), minutesLater(1))).toBe('holds');
    expect(stateNow(invariant('holds'), null)).toBe('holds');
  });

  it('that held long ago, or was never looked at, is not known to hold', () => {
    expect(stateNow(invariant('holds'), minutesLater(6))).toBe('unknown');
    expect(stateNow(invariant('holds', null), minutesLater(1))).toBe('unknown');
  });

  it('that was broken is broken, however long ago that was', () => {
    expect(stateNow(invariant('broken'), minutesLater(60))).toBe('broken');
    expect(stateNow(invariant('unknown', null), minutesLater(0))).toBe('unknown');
  });
});
