import { IdentityRefused } from './refusal.js';

export type Role = 'customer' | 'staff' | 'operator';

/** One sign-in on one device, with the whole family of refresh tokens that came from it. */
export interface Session {
  readonly id: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
}

/** All that tells who a user is; erased as a whole. */
export interface Person {
  readonly login: string;
  /** The login as it is compared. */
  readonly foldedLogin: string;
  readonly name?: string;
  readonly passwordHash: string;
}

export interface User {
  readonly id: string;
  /** Absent once erased: only the id stays, because ledgers and events hold it. */
  readonly person?: Person;
  readonly roles: readonly Role[];
  readonly blocked: boolean;
  /** Sessions that may still be refreshed; nothing else makes a session live. */
  readonly sessions: readonly Session[];
  /** Made by the seed of a demonstration. */
  readonly demo: boolean;
  /** Version of the last event told of this user; 0 when none was. */
  readonly version: number;
  readonly createdAt: Date;
}

export type UserEvent =
  | { readonly type: 'SessionRevoked'; readonly sessionId: string }
  | { readonly type: 'UserBlocked' }
  | { readonly type: 'UserUnblocked' }
  | { readonly type: 'RolesChanged'; readonly roles: readonly Role[] };

/** What a user becomes, and what others are told: the version has already counted each event. */
export interface Decision {
  readonly user: User;
  readonly events: readonly UserEvent[];
}

/** Past this many devices the oldest session gives way. */
export const mostSessions = 100;

const decided = (user: User, events: readonly UserEvent[]): Decision => ({
  user: { ...user, version: user.version + events.length },
  events,
});

const revoked = (sessions: readonly Session[]): readonly UserEvent[] =>
  sessions.map(({ id }) => ({ type: 'SessionRevoked', sessionId: id }));

export interface Registration {
  readonly id: string;
  readonly person: Person;
  readonly roles?: readonly Role[];
  readonly demo?: boolean;
}

export const register = ({ id, person, roles = ['customer'], demo = false }: Registration, now: Date): User => ({
  id,
  person,
  roles,
  blocked: false,
  sessions: [],
  demo,
  version: 0,
  createdAt: now,
});

export const beginSession = (user: User, session: Session, now: Date): Decision => {
  if (user.blocked) throw new IdentityRefused('forbidden', 'this account is blocked');
  const live = user.sessions.filter(({ expiresAt }) => expiresAt > now);
  const tooMany = live.slice(0, Math.max(0, live.length + 1 - mostSessions));
  return decided({ ...user, sessions: [...live.slice(tooMany.length), session] }, revoked(tooMany));
};

export const liveSession = (user: User, sessionId: string, now: Date): Session | undefined =>
  user.blocked ? undefined : user.sessions.find(({ id, expiresAt }) => id === sessionId && expiresAt > now);

/** Ends one session; ending it twice changes nothing. */
export const endSession = (user: User, sessionId: string): Decision => endSessions(user, ({ id }) => id === sessionId);

export const endAllSessions = (user: User): Decision => endSessions(user, () => true);

const endSessions = (user: User, ends: (session: Session) => boolean): Decision =>
  decided(
    { ...user, sessions: user.sessions.filter((session) => !ends(session)) },
    revoked(user.sessions.filter(ends)),
  );

/** Whoever else holds a session may have held the old password, so only the session that asks goes on. */
export const changePassword = (user: User, passwordHash: string, keptSessionId: string): Decision => {
  const person = personOf(user);
  return endSessions({ ...user, person: { ...person, passwordHash } }, ({ id }) => id !== keptSessionId);
};

/** Login, name and credentials go; the id stays. */
export const erase = (user: User): Decision => {
  const { person: _erased, ...rest } = user;
  return endAllSessions({ ...rest, roles: [] });
};

export const grantRole = (user: User, role: Role): Decision => {
  personOf(user);
  return user.roles.includes(role) ? decided(user, []) : withRoles(user, [...user.roles, role]);
};

export const takeRole = (user: User, role: Role, by: string): Decision => {
  personOf(user);
  if (!user.roles.includes(role)) return decided(user, []);
  // An operator who could step down by a slip might leave nobody to undo it.
  if (role === 'operator' && by === user.id)
    throw new IdentityRefused('forbidden', 'an operator cannot step down alone');
  return withRoles(
    user,
    user.roles.filter((held) => held !== role),
  );
};

const withRoles = (user: User, roles: readonly Role[]): Decision =>
  decided({ ...user, roles }, [{ type: 'RolesChanged', roles }]);

/** Ends every session too, so that nothing from before comes back to life when the block is lifted. */
export const block = (user: User, by: string): Decision => {
  personOf(user);
  if (by === user.id) throw new IdentityRefused('forbidden', 'nobody can block their own account');
  if (user.blocked) return decided(user, []);
  return decided({ ...user, blocked: true, sessions: [] }, [...revoked(user.sessions), { type: 'UserBlocked' }]);
};

export const unblock = (user: User): Decision => {
  personOf(user);
  return user.blocked ? decided({ ...user, blocked: false }, [{ type: 'UserUnblocked' }]) : decided(user, []);
};

const personOf = (user: User): Person => {
  if (user.person === undefined) throw new IdentityRefused('not_found', 'no such user');
  return user.person;
};
