import { foldLogin, isLogin, isName, isPassword } from '../domain/login.js';
import { IdentityRefused } from '../domain/refusal.js';
import { register, type Role } from '../domain/user.js';
import type { Passwords } from './credentials.js';
import type { Reader } from './reader.js';
import type { Announcements, Transact } from './work.js';

export interface RegistrationDependencies {
  readonly transact: Transact;
  readonly announce: Announcements;
  readonly passwords: Passwords;
}

export interface NewUser {
  readonly login: string;
  readonly password: string;
  readonly name?: string;
  readonly roles?: readonly Role[];
  readonly demo?: boolean;
}

export interface Registered {
  readonly id: string;
  readonly login: string;
  readonly name?: string;
  readonly roles: readonly Role[];
}

/** @throws IdentityRefused validation_failed or login_taken, however the login is spelled */
export async function registerUser(deps: RegistrationDependencies, newUser: NewUser): Promise<Registered> {
  const { login, password, name, roles, demo } = newUser;
  if (!isLogin(login) || !isPassword(password) || (name !== undefined && !isName(name))) {
    throw new IdentityRefused('validation_failed', 'login, password or name has the wrong length or characters');
  }
  const foldedLogin = foldLogin(login);
  const passwordHash = await deps.passwords.hash(password);
  return deps.transact([deps.announce.userByLogin(foldedLogin)], async (work) => {
    if ((await work.userByLogin(foldedLogin)) !== undefined) {
      throw new IdentityRefused('login_taken', 'the login is already taken');
    }
    const person = { login, foldedLogin, passwordHash, ...(name !== undefined && { name }) };
    const user = register({ id: work.newId(), person, ...(roles && { roles }), ...(demo && { demo }) }, work.now);
    work.add(user);
    return { id: user.id, login, ...(name !== undefined && { name }), roles: user.roles };
  });
}

/**
 * Registers a user unless the login is there already; who is there keeps password and roles.
 * @returns whether the user is new
 */
export async function ensureUser(
  deps: RegistrationDependencies & { readonly reader: Pick<Reader, 'credentials'> },
  newUser: NewUser,
): Promise<boolean> {
  if ((await deps.reader.credentials(foldLogin(newUser.login))) !== undefined) return false;
  try {
    await registerUser(deps, newUser);
    return true;
  } catch (error) {
    // Another instance starting at the same moment was quicker.
    if (error instanceof IdentityRefused && error.code === 'login_taken') return false;
    throw error;
  }
}
