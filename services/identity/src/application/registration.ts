import { foldLogin, isLogin, isName, isPassword } from '../domain/login.js';
import { IdentityRefused } from '../domain/refusal.js';
import { register, type Role, type User } from '../domain/user.js';
import type { Passwords } from './credentials.js';
import type { Reader } from './reader.js';
import type { Announcements, Transact, Work } from './work.js';

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
  const { login, password, name } = newUser;
  if (!isPassword(password)) throw unfit();
  return enrol(deps, newUser, (work, user) => {
    work.add(user);
    return { id: user.id, login, ...(name !== undefined && { name }), roles: user.roles };
  });
}

/**
 * Registers somebody whose password has been looked at: `add` adds them, and whatever begins with them, in one unit of work.
 * @throws IdentityRefused validation_failed or login_taken
 */
export async function enrol<T>(
  deps: RegistrationDependencies,
  { login, password, name, roles, demo }: NewUser,
  add: (work: Work, user: User) => T,
): Promise<T> {
  if (!isLogin(login) || (name !== undefined && !isName(name))) throw unfit();
  const foldedLogin = foldLogin(login);
  const passwordHash = await deps.passwords.hash(password);
  return deps.transact([deps.announce.userByLogin(foldedLogin)], async (work) => {
    if ((await work.userByLogin(foldedLogin)) !== undefined) {
      throw new IdentityRefused('login_taken', 'the login is already taken');
    }
    const person = { login, foldedLogin, passwordHash, ...(name !== undefined && { name }) };
    return add(work, register({ id: work.newId(), person, ...(roles && { roles }), ...(demo && { demo }) }, work.now));
  });
}

export const unfit = (): IdentityRefused =>
  new IdentityRefused('validation_failed', 'login, password or name has the wrong length or characters');

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
