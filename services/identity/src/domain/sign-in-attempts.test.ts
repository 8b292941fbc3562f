import { IdentityRefused } from './refusal.js';
import { charge, forgive, forgottenAfterMs, type Attempts } from './sign-in-attempts.js';

const now = new Date('2026-03-01T10:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const secondsToWait = (here?: Attempts, everywhere?: Attempts, at = now): number => {
  try {
    charge(here, everywhere, at);
    return 0;
  } catch (error) {
    if (error instanceof IdentityRefused && error.code === 'rate_limited') return error.retryAfter ?? NaN;
    throw error;
  }
};

describe('guessing a password', () => {
  it('is free five times, and then takes longer each time, but never more than a minute', () => {
    const waits = [1, 4, 5, 6, 7, 8, 11, 200].map((count) => secondsToWait({ count, lastAt: now }));
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 60, 60]);
  });

  it('goes on when the pause is over', () => {
    const here = { count: 6, lastAt: now };
    expect([secondsToWait(here, undefined, after(1_999)), secondsToWait(here, undefined, after(2_000))]).toEqual([
      1, 0,
    ]);
  });

  it('is forgotten after a while', () => {
    const charged = charge({ count: 500, lastAt: now }, { count: 900, lastAt: now }, after(forgottenAfterMs));
    expect(charged).toMatchObject({ here: { count: 1 }, everywhere: { count: 1 } });
  });

  it('from everywhere makes each address pause sooner, and locks out nobody who comes with a fresh one', () => {
    const everywhere = { count: 5_000, lastAt: now };
    expect(secondsToWait({ count: 1, lastAt: now }, everywhere)).toBe(1);
    expect(secondsToWait(undefined, everywhere)).toBe(0);
    expect(secondsToWait({ count: 0, lastAt: now }, everywhere)).toBe(0);
  });
});

describe('the right password', () => {
  it('takes back what its attempt was charged', () => {
    const charged = charge({ count: 3, lastAt: now }, { count: 40, lastAt: now }, now);
    expect(forgive(charged)).toMatchObject({ here: { count: 0 }, everywhere: { count: 40 } });
  });
});
