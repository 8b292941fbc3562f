import { liveSession, type User } from './user.js';

/** A refresh token as it is kept: by its hash, never as itself. */
export interface RefreshToken {
  readonly hash: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly rotatedAt?: Date;
}

/**
 * What presenting a token means.
 * - `rotate`: its first use.
 * - `again`: used a moment ago, by another tab or a retry; the same successor is given once more.
 * - `stolen`: used before that, so two hold it and one of them should not: the session ends.
 * - `dead`: its session is over.
 */
export type Presented = 'rotate' | 'again' | 'stolen' | 'dead';

/** How long two tabs may both come with the same token. */
export const graceMs = 10_000;

export const present = (token: RefreshToken, user: User, now: Date): Presented => {
  if (liveSession(user, token.sessionId, now) === undefined) return 'dead';
  if (token.rotatedAt === undefined) return 'rotate';
  return now.getTime() - token.rotatedAt.getTime() <= graceMs ? 'again' : 'stolen';
};
