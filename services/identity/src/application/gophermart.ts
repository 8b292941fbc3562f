import { isGophermartPassword } from '../domain/login.js';
import { beginSession } from '../domain/user.js';
import type { Grant } from './credentials.js';
import { enrol, unfit, type RegistrationDependencies } from './registration.js';
import { grantOf, newSession, openSession, type SignIn, type SignInDependencies } from './sign-in.js';

/** A session of the Gophermart API lasts as long as its one token. */
const sessionMs = 86_400_000;

/** Registers somebody and signs them in, together. @throws IdentityRefused validation_failed or login_taken */
export async function registerAndSignIn(
  deps: RegistrationDependencies,
  { login, password }: Omit<SignIn, 'address'>,
): Promise<Grant> {
  if (!isGophermartPassword(password)) throw unfit();
  return enrol(deps, { login, password }, (work, user) => {
    const session = newSession(work, sessionMs);
    work.add(beginSession(user, session, work.now).user);
    return grantOf(user, session);
  });
}

/** Opens a session that cannot be refreshed. @throws IdentityRefused as `openSession` does */
export const signInForADay = (deps: Omit<SignInDependencies, 'refreshTokens' | 'sessionMs'>, given: SignIn) =>
  openSession({ ...deps, sessionMs }, given);
