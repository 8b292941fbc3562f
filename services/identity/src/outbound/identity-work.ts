import { IdentityEvent } from '@g-store/contracts';
import { announce, type Rows } from '@g-store/messaging';
import type { Announcements, Work } from '../application/work.js';
import type { Decision, Person, Session, User, UserEvent } from '../domain/user.js';
import {
  refreshTokens,
  signInAttempts,
  signingKeys,
  userActs,
  users,
  type StoredSession,
  type UserRow,
} from './tables.js';

export const announcements: Announcements = {
  user: (id) => announce(users, { id }),
  userByLogin: (foldedLogin) => announce(users, { foldedLogin }),
  refreshToken: (hash) => announce(refreshTokens, { hash }),
  attempts: (key) => announce(signInAttempts, { key }),
};

export function identityWorkIn(rows: Rows): Work {
  const attemptsSeen = new Set<string>();
  return {
    now: rows.now,
    newId: () => rows.newId(),
    user: async (id) => toUser(await rows.find(users, { id })),
    userByLogin: async (foldedLogin) => toUser(await rows.find(users, { foldedLogin })),
    add: (user) => rows.insert(users, toRow(user)),
    record: (decision) => record(rows, decision),
    refreshToken: async (hash) => {
      const row = await rows.find(refreshTokens, { hash });
      if (row === undefined) return undefined;
      const { rotatedAt, ...token } = row;
      return rotatedAt === null ? token : { ...token, rotatedAt };
    },
    issue: (token) => rows.insert(refreshTokens, { rotatedAt: null, ...token }),
    rotate: (token) => rows.update(refreshTokens, { rotatedAt: null, ...token }),
    attempts: async (key) => {
      const row = await rows.find(signInAttempts, { key });
      if (row !== undefined) attemptsSeen.add(key);
      return row;
    },
    keepAttempts: (key, { count, lastAt }) => {
      if (attemptsSeen.has(key)) return rows.update(signInAttempts, { key, count, lastAt });
      attemptsSeen.add(key);
      return rows.insert(signInAttempts, { key, count, lastAt });
    },
    witness: (act) => rows.insert(userActs, { detail: null, ...act, id: rows.newId(), at: rows.now }),
    signingKey: (ordinal) => rows.find(signingKeys, { ordinal }),
    addSigningKey: (key) => rows.insert(signingKeys, key),
  };
}

/** The events come after the user's row is locked, so their versions are told in the order of the row's. */
function record(rows: Rows, { user, events }: Decision): void {
  rows.update(users, toRow(user));
  events.forEach((event, at) => {
    const version = user.version - events.length + at + 1;
    rows.tell(IdentityEvent, { key: user.id, owner: user.id, version, ...onTheWire(event) });
  });
}

function onTheWire(event: UserEvent) {
  switch (event.type) {
    case 'SessionRevoked':
      return { case: 'sessionRevoked', value: { sessionId: event.sessionId } } as const;
    case 'UserBlocked':
      return { case: 'userBlocked', value: {} } as const;
    case 'UserUnblocked':
      return { case: 'userUnblocked', value: {} } as const;
    case 'RolesChanged':
      return { case: 'rolesChanged', value: { roles: [...event.roles] } } as const;
  }
}

function toUser(row: UserRow | undefined): User | undefined {
  if (row === undefined) return undefined;
  const { id, roles, blocked, sessions, demo, version, createdAt } = row;
  const person = toPerson(row);
  return { id, roles, blocked, demo, version, createdAt, sessions: sessions.map(toSession), ...(person && { person }) };
}

function toPerson({ login, foldedLogin, name, passwordHash }: UserRow): Person | undefined {
  if (login === null || foldedLogin === null || passwordHash === null) return undefined;
  return { login, foldedLogin, passwordHash, ...(name !== null && { name }) };
}

const toRow = ({ person, sessions, ...user }: User): UserRow => ({
  ...user,
  login: person?.login ?? null,
  foldedLogin: person?.foldedLogin ?? null,
  name: person?.name ?? null,
  passwordHash: person?.passwordHash ?? null,
  sessions: sessions.map(({ id, startedAt, expiresAt }) => ({
    id,
    startedAt: startedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  })),
});

export const toSession = ({ id, startedAt, expiresAt }: StoredSession): Session => ({
  id,
  startedAt: new Date(startedAt),
  expiresAt: new Date(expiresAt),
});
