import { IdentityRefused } from './refusal.js';

/** Attempts that have not turned out well, of one login, either from one address or from everywhere. */
export interface Attempts {
  readonly count: number;
  readonly lastAt: Date;
}

export interface Patience {
  /** As many attempts come without a pause. */
  readonly free: number;
  /** The first pause; each further attempt doubles it. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

const usual: Patience = { free: 5, pauseMs: 1_000, longestPauseMs: 60_000 };
/** While a login is under attack from everywhere, an address has one attempt without a pause: never none, so nobody is locked out. */
const wary: Patience = { ...usual, free: 1 };
const underAttackFrom = 50;
export const forgottenAfterMs = 15 * 60_000;

const fresh = (attempts: Attempts | undefined, now: Date): Attempts | undefined =>
  attempts !== undefined && now.getTime() - attempts.lastAt.getTime() < forgottenAfterMs ? attempts : undefined;

export interface Charged {
  readonly here: Attempts;
  readonly everywhere: Attempts;
}

/**
 * Counts an attempt before the password is looked at, so that a thousand at once count as a thousand.
 * @throws IdentityRefused rate_limited with the seconds to wait; an attempt refused is not counted
 */
export const charge = (here: Attempts | undefined, everywhere: Attempts | undefined, now: Date): Charged => {
  const [mine, all] = [fresh(here, now), fresh(everywhere, now)];
  const waitMs = pauseLeftMs(mine, (all?.count ?? 0) >= underAttackFrom ? wary : usual, now);
  if (waitMs > 0) {
    throw new IdentityRefused('rate_limited', 'too many attempts, try again later', Math.ceil(waitMs / 1_000));
  }
  return { here: oneMore(mine, now), everywhere: oneMore(all, now) };
};

const oneMore = (attempts: Attempts | undefined, now: Date): Attempts => ({
  count: (attempts?.count ?? 0) + 1,
  lastAt: now,
});

const pauseLeftMs = (attempts: Attempts | undefined, patience: Patience, now: Date): number => {
  if (attempts === undefined || attempts.count < patience.free) return 0;
  const pause = Math.min(patience.pauseMs * 2 ** (attempts.count - patience.free), patience.longestPauseMs);
  return attempts.lastAt.getTime() + pause - now.getTime();
};

/** The password was right: this address starts anew, and the login is no longer charged for the attempt. */
export const forgive = ({ here, everywhere }: Charged): Charged => ({
  here: { ...here, count: 0 },
  everywhere: { ...everywhere, count: Math.max(0, everywhere.count - 1) },
});
