import { isPassword } from '../domain/login.js';
import { IdentityRefused } from '../domain/refusal.js';
import { changePassword, erase } from '../domain/user.js';
import { forgiveAttempt, prove, type SignInDependencies } from './sign-in.js';
import type { Work } from './work.js';

export interface PasswordChange {
  readonly userId: string;
  readonly sessionId: string;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly address: string;
}

/**
 * Gives a new password and ends every other session.
 * @throws IdentityRefused forbidden when the current password is wrong, rate_limited like a sign-in
 */
export async function changeOwnPassword(deps: SignInDependencies, change: PasswordChange): Promise<void> {
  const { userId, sessionId, currentPassword, newPassword, address } = change;
  if (!isPassword(newPassword)) throw new IdentityRefused('validation_failed', 'a password has 8–128 characters');
  const proof = { who: userId, password: currentPassword, address };
  const credentials = await prove(deps, proof, () => deps.reader.credentialsOf(userId));
  if (credentials === undefined) throw wrongPassword();
  const passwordHash = await deps.passwords.hash(newPassword);
  const keys = deps.attemptKeys.of(userId, address);
  const announced = [
    deps.announce.user(userId),
    deps.announce.attempts(keys.here),
    deps.announce.attempts(keys.everywhere),
  ];
  await deps.transact(announced, async (work) => {
    const user = await work.user(userId);
    if (user?.person?.passwordHash !== credentials.passwordHash) throw wrongPassword();
    work.record(changePassword(user, passwordHash, sessionId));
    await forgiveAttempt(work, keys);
  });
}

const wrongPassword = (): IdentityRefused => new IdentityRefused('forbidden', 'the current password is wrong');

/** Erases login, name and credentials and signs out everywhere. Erasing again changes nothing. */
export async function eraseUser(work: Work, { userId }: { userId: string }): Promise<void> {
  const user = await work.user(userId);
  if (user !== undefined) work.record(erase(user));
}
