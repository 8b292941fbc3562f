import type { RefreshToken } from '../domain/refresh-token.js';
import type { Attempts } from '../domain/sign-in-attempts.js';
import type { SigningKey } from '../domain/signing-keys.js';
import type { Decision, User, UserEvent } from '../domain/user.js';
import type { AttemptKeys, Passwords, RefreshTokens } from './credentials.js';
import type { Reader } from './reader.js';
import type { Act, Announcement, Announcements, Transact, Work } from './work.js';

export type Told = UserEvent & { readonly key: string; readonly version: number };

interface State {
  users: Map<string, User>;
  tokens: Map<string, RefreshToken>;
  attempts: Map<string, Attempts>;
  keys: SigningKey[];
  told: Told[];
  acts: Act[];
}

/** The ports in memory: units of work one after another, each kept whole or not at all. */
export function fakeIdentity(users: readonly User[] = []) {
  let state: State = {
    users: new Map(users.map((user) => [user.id, user])),
    tokens: new Map(),
    attempts: new Map(),
    keys: [],
    told: [],
    acts: [],
  };
  let now = new Date('2026-03-01T10:00:00.000Z');
  let ids = 0;
  const work = workOn(() => state, { now: () => now, newId: () => `id-${(ids += 1)}` });
  let last: Promise<unknown> = Promise.resolve();
  const alone = async <T>(run: (work: Work) => Promise<T>): Promise<T> => {
    const before = structuredClone(state);
    try {
      return await run(work);
    } catch (refused) {
      state = before;
      throw refused;
    }
  };
  const transact: Transact = (_announced, run) => {
    const result = last.then(() => alone(run));
    last = result.catch(() => undefined);
    return result;
  };
  const { passwords, hashed } = fakePasswords();
  return {
    work,
    hashed,
    pass: (ms: number) => (now = new Date(now.getTime() + ms)),
    now: () => now,
    user: (id: string) => state.users.get(id),
    told: () => state.told,
    acts: () => state.acts,
    signingKeys: () => state.keys,
    tokens: () => [...state.tokens.values()],
    deps: {
      transact,
      announce,
      passwords,
      refreshTokens,
      attemptKeys,
      reader: readerOn(() => state),
      sessionMs: 86_400_000,
    },
  };
}

const workOn = (state: () => State, { now, newId }: { now: () => Date; newId: () => string }): Work => ({
  get now() {
    return now();
  },
  newId,
  user: async (id) => state().users.get(id),
  userByLogin: async (login) => byLogin(state(), login),
  add: (user) => {
    if (user.person && byLogin(state(), user.person.foldedLogin)) throw new Error('unique: login');
    state().users.set(user.id, user);
  },
  record: (decision) => recordIn(state(), decision),
  refreshToken: async (hash) => state().tokens.get(hash),
  issue: (token) => {
    if (state().tokens.has(token.hash)) throw new Error('unique: refresh token');
    state().tokens.set(token.hash, token);
  },
  rotate: (token) => void state().tokens.set(token.hash, token),
  attempts: async (key) => state().attempts.get(key),
  keepAttempts: (key, attempts) => void state().attempts.set(key, attempts),
  witness: (act) => void state().acts.push(act),
  signingKey: async (ordinal) => state().keys.find((key) => key.ordinal === ordinal),
  addSigningKey: (key) => void state().keys.push(key),
});

const byLogin = ({ users }: State, login: string): User | undefined =>
  [...users.values()].find(({ person }) => person?.foldedLogin === login);

function recordIn(state: State, { user, events }: Decision): void {
  const before = state.users.get(user.id);
  if (before === undefined) throw new Error('no such user');
  if (before.version + events.length !== user.version) throw new Error('each event has its version');
  state.users.set(user.id, user);
  state.told.push(...events.map((event, at) => ({ ...event, key: user.id, version: before.version + at + 1 })));
}

const readerOn = (state: () => State): Reader => ({
  credentials: async (login) => credentialsOf(byLogin(state(), login)),
  credentialsOf: async (id) => credentialsOf(state().users.get(id)),
  holderOf: async (hash) => state().tokens.get(hash),
  profile: async (id) => state().users.get(id),
  people: async ({ limit }) => [...state().users.values()].slice(0, limit + 1),
  hasDemoPeople: async () => [...state().users.values()].some(({ demo }) => demo),
  signingKeys: async () => state().keys,
});

const credentialsOf = (user: User | undefined) =>
  user?.person && { userId: user.id, passwordHash: user.person.passwordHash };

function fakePasswords(): { passwords: Passwords; hashed: string[] } {
  const hashed: string[] = [];
  const hash = async (password: string) => (hashed.push(password), `hash of ${password}`);
  const verify: Passwords['verify'] = async (known, password) => (await hash(password)) === known;
  return { passwords: { hash, verify }, hashed };
}

let tokensMade = 0;
const refreshTokens: RefreshTokens = {
  fresh: () => `token-${(tokensMade += 1)}`,
  successorOf: (token) => `${token}'`,
  hashOf: (token) => `hash of ${token}`,
};

const attemptKeys: AttemptKeys = { of: (who, address) => ({ here: `${who}@${address}`, everywhere: who }) };

const nothing = (): Announcement => ({ table: { name: '', role: 'guard', columns: {}, keys: [[]] }, key: {} });
const announce: Announcements = { user: nothing, userByLogin: nothing, refreshToken: nothing, attempts: nothing };
