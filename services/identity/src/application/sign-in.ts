import { foldLogin } from '../domain/login.js';
import { IdentityRefused } from '../domain/refusal.js';
import { charge, forgive } from '../domain/sign-in-attempts.js';
import { beginSession, type Session, type User } from '../domain/user.js';
import type { AttemptKeys, Grant, Passwords, RefreshTokens, SignedIn } from './credentials.js';
import type { Credentials, Reader } from './reader.js';
import type { Announcements, Transact, Work } from './work.js';

export interface SignInDependencies {
  readonly transact: Transact;
  readonly announce: Announcements;
  readonly reader: Reader;
  readonly passwords: Passwords;
  readonly refreshTokens: RefreshTokens;
  readonly attemptKeys: AttemptKeys;
  readonly sessionMs: number;
}

export interface SignIn {
  readonly login: string;
  readonly password: string;
  readonly address: string;
}

/** Opens a session with a refresh token to keep it by. @throws IdentityRefused as `openSession` does */
export async function signIn(deps: SignInDependencies, given: SignIn): Promise<SignedIn> {
  const refreshToken = deps.refreshTokens.fresh();
  const grant = await openSession(deps, given, (work, { userId, sessionId, at }) =>
    work.issue({ hash: deps.refreshTokens.hashOf(refreshToken), userId, sessionId, issuedAt: at }),
  );
  return { ...grant, refreshToken };
}

/**
 * Opens a session; `also` is done in the same unit of work. A login that does not exist takes the same steps and the same
 * time as a wrong password.
 * @throws IdentityRefused unauthenticated, rate_limited, or forbidden for a blocked user with the right password
 */
export async function openSession(
  deps: Omit<SignInDependencies, 'refreshTokens'>,
  { login, password, address }: SignIn,
  also: (work: Work, grant: Grant) => void = () => undefined,
): Promise<Grant> {
  const foldedLogin = foldLogin(login);
  const proof = { who: foldedLogin, password, address };
  const credentials = await prove(deps, proof, () => deps.reader.credentials(foldedLogin));
  if (credentials === undefined) throw new IdentityRefused('unauthenticated', 'login or password is wrong');
  const keys = deps.attemptKeys.of(foldedLogin, address);
  const announced = [
    deps.announce.user(credentials.userId),
    deps.announce.attempts(keys.here),
    deps.announce.attempts(keys.everywhere),
  ];
  return deps.transact(announced, async (work) => {
    const user = await work.user(credentials.userId);
    // The password may have changed while the hash was computed.
    if (user?.person?.passwordHash !== credentials.passwordHash) {
      throw new IdentityRefused('unauthenticated', 'login or password is wrong');
    }
    const session = newSession(work, deps.sessionMs);
    work.record(beginSession(user, session, work.now));
    const grant = grantOf(user, session);
    also(work, grant);
    await forgiveAttempt(work, keys);
    return grant;
  });
}

export const newSession = (work: Work, lastsMs: number): Session => ({
  id: work.newId(),
  startedAt: work.now,
  expiresAt: new Date(work.now.getTime() + lastsMs),
});

/** What a session that begins now gives. */
export const grantOf = ({ id: userId, roles }: User, { id: sessionId, startedAt, expiresAt }: Session): Grant => ({
  userId,
  sessionId,
  roles,
  at: startedAt,
  sessionExpiresAt: expiresAt,
});

export interface Proof {
  readonly who: string;
  readonly password: string;
  readonly address: string;
}

/** The credentials, if the password is theirs. Every attempt is charged first and costs one hash, found or not. */
export async function prove(
  deps: Omit<SignInDependencies, 'refreshTokens' | 'sessionMs'>,
  { who, password, address }: Proof,
  find: () => Promise<Credentials | undefined>,
): Promise<Credentials | undefined> {
  const keys = deps.attemptKeys.of(who, address);
  await deps.transact([deps.announce.attempts(keys.here), deps.announce.attempts(keys.everywhere)], async (work) => {
    const charged = charge(await work.attempts(keys.here), await work.attempts(keys.everywhere), work.now);
    work.keepAttempts(keys.here, charged.here);
    work.keepAttempts(keys.everywhere, charged.everywhere);
  });
  const credentials = await find();
  return (await deps.passwords.verify(credentials?.passwordHash, password)) ? credentials : undefined;
}

/** Takes back the charge of an attempt that turned out well. */
export async function forgiveAttempt(work: Work, keys: ReturnType<AttemptKeys['of']>): Promise<void> {
  const [here, everywhere] = [await work.attempts(keys.here), await work.attempts(keys.everywhere)];
  if (here === undefined || everywhere === undefined) return;
  const forgiven = forgive({ here, everywhere });
  work.keepAttempts(keys.here, forgiven.here);
  work.keepAttempts(keys.everywhere, forgiven.everywhere);
}
