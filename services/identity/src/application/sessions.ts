import { present, type Presented, type RefreshToken } from '../domain/refresh-token.js';
import { IdentityRefused } from '../domain/refusal.js';
import { endAllSessions, endSession, liveSession, type User } from '../domain/user.js';
import type { RefreshTokens, SignedIn } from './credentials.js';
import type { Reader } from './reader.js';
import type { Announcements, Transact, Work } from './work.js';

export interface SessionDependencies {
  readonly transact: Transact;
  readonly announce: Announcements;
  readonly reader: Reader;
  readonly refreshTokens: RefreshTokens;
}

/**
 * Exchanges a refresh token for its successor. A token that comes back late ends its whole session.
 * @throws IdentityRefused unauthenticated, whatever is wrong with the token
 */
export async function refresh(deps: SessionDependencies, refreshToken: string): Promise<SignedIn> {
  const hash = deps.refreshTokens.hashOf(refreshToken);
  const successor = deps.refreshTokens.successorOf(refreshToken);
  const holder = await deps.reader.holderOf(hash);
  if (holder === undefined) throw noSuchToken();
  const announced = [deps.announce.user(holder.userId), deps.announce.refreshToken(hash)];
  const signedIn = await deps.transact(announced, async (work) => {
    const user = await work.user(holder.userId);
    const token = await work.refreshToken(hash);
    if (user === undefined || token === undefined) throw noSuchToken();
    return exchange(work, { user, token, successor, successorHash: deps.refreshTokens.hashOf(successor) });
  });
  if (signedIn === undefined) throw noSuchToken();
  return signedIn;
}

const noSuchToken = (): IdentityRefused => new IdentityRefused('unauthenticated', 'the refresh token is not valid');

interface Exchange {
  readonly user: User;
  readonly token: RefreshToken;
  readonly successor: string;
  readonly successorHash: string;
}

/** `undefined`: nothing is given, and what was recorded, a theft, must be kept. */
async function exchange(
  work: Work,
  { user, token, successor, successorHash }: Exchange,
): Promise<SignedIn | undefined> {
  const presented: Presented = present(token, user, work.now);
  const session = liveSession(user, token.sessionId, work.now);
  if (presented === 'dead' || session === undefined) throw noSuchToken();
  if (presented === 'stolen') {
    work.record(endSession(user, token.sessionId));
    return undefined;
  }
  if (presented === 'rotate') {
    work.rotate({ ...token, rotatedAt: work.now });
    work.issue({ hash: successorHash, userId: user.id, sessionId: session.id, issuedAt: work.now });
  }
  return {
    userId: user.id,
    sessionId: session.id,
    roles: user.roles,
    at: work.now,
    sessionExpiresAt: session.expiresAt,
    refreshToken: successor,
  };
}

export async function signOut(work: Work, { userId, sessionId }: { userId: string; sessionId: string }): Promise<void> {
  const user = await work.user(userId);
  if (user !== undefined) work.record(endSession(user, sessionId));
}

/** Signs out whoever holds this refresh token; one that is unknown or used is no error. */
export async function signOutByToken(deps: SessionDependencies, refreshToken: string): Promise<void> {
  const holder = await deps.reader.holderOf(deps.refreshTokens.hashOf(refreshToken));
  if (holder === undefined) return;
  await deps.transact([deps.announce.user(holder.userId)], (work) => signOut(work, holder));
}

export async function signOutEverywhere(work: Work, { userId }: { userId: string }): Promise<void> {
  const user = await work.user(userId);
  if (user !== undefined) work.record(endAllSessions(user));
}
