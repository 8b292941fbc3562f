import { foldLogin } from '../domain/login.js';
import { IdentityRefused } from '../domain/refusal.js';
import { charge, forgive } from '../domain/sign-in-attempts.js';
import { beginSession } from '../domain/user.js';
import type { AttemptKeys, Passwords, RefreshTokens, SignedIn } from './credentials.js';
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

/**
 * Opens a session. A login that does not exist takes the same steps and the same time as a wrong password.
 * @throws IdentityRefused unauthenticated, rate_limited, or forbidden for a blocked user with the right password
 */
export async function signIn(deps: SignInDependencies, { login, password, address }: SignIn): Promise<SignedIn> {
  const foldedLogin = foldLogin(login);
  const proof = { who: foldedLogin, password, address };
  const credentials = await prove(deps, proof, () => deps.reader.credentials(foldedLogin));
  if (credentials === undefined) throw new IdentityRefused('unauthenticated', 'login or password is wrong');
  const refreshToken = deps.refreshTokens.fresh();
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
    const session = { id: work.newId(), startedAt: work.now, expiresAt: new Date(work.now.getTime() + deps.sessionMs) };
    work.record(beginSession(user, session, work.now));
    work.issue({
      hash: deps.refreshTokens.hashOf(refreshToken),
      userId: user.id,
      sessionId: session.id,
      issuedAt: work.now,
    });
    await forgiveAttempt(work, keys);
    return {
      userId: user.id,
      sessionId: session.id,
      roles: user.roles,
      at: work.now,
      sessionExpiresAt: session.expiresAt,
      refreshToken,
    };
  });
}

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
