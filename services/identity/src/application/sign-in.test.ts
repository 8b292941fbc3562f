import { IdentityRefused } from '../domain/refusal.js';
import { blockUser } from './operators.js';
import { registerUser } from './registration.js';
import { signIn } from './sign-in.js';
import { fakeIdentity } from './work.fake.js';

const home = '192.0.2.1';
const withAlice = async () => {
  const identity = fakeIdentity();
  const { id } = await registerUser(identity.deps, { login: 'Alice', password: 'alice-password', name: 'Alice' });
  identity.hashed.length = 0;
  const attempt = (password: string, login = 'alice', address = home) =>
    signIn(identity.deps, { login, password, address });
  return { ...identity, id, attempt };
};
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'signed in',
    (error: unknown) => (error instanceof IdentityRefused ? error.code : Promise.reject(error)),
  );

describe('registering', () => {
  it('takes a login only once, however it is spelled', async () => {
    const { deps } = await withAlice();
    const again = registerUser(deps, { login: 'ＡＬＩＣＥ', password: 'another-password' });
    expect(await codeOf(again)).toBe('login_taken');
  });

  it('refuses a short password before any work is done', async () => {
    const { deps, hashed } = await withAlice();
    expect(await codeOf(registerUser(deps, { login: 'bob', password: 'short' }))).toBe('validation_failed');
    expect(hashed).toEqual([]);
  });
});

describe('signing in', () => {
  it('works with the login in any spelling', async () => {
    const { attempt, user, id } = await withAlice();
    const signedIn = await attempt('alice-password', 'aLICE');
    expect(signedIn).toMatchObject({ userId: id, roles: ['customer'] });
    expect(user(id)?.sessions.map((session) => session.id)).toEqual([signedIn.sessionId]);
  });

  it('keeps the refresh token only as a hash', async () => {
    const { attempt, tokens } = await withAlice();
    const { refreshToken } = await attempt('alice-password');
    expect(tokens().map(({ hash }) => hash)).toEqual([`hash of ${refreshToken}`]);
  });

  it('costs one hash and gives one answer, whether the login exists or the password is wrong', async () => {
    const { attempt, hashed } = await withAlice();
    const answers = await Promise.all(
      [attempt('wrong-password'), attempt('wrong-password', 'nobody')].map((answer) =>
        answer.catch((error: Error) => error.message),
      ),
    );
    expect(answers).toEqual(['login or password is wrong', 'login or password is wrong']);
    expect(hashed).toEqual(['wrong-password', 'wrong-password']);
  });

  it('tells a blocked user so only after the right password', async () => {
    const { attempt, work, id } = await withAlice();
    await blockUser(work, { by: 'op', userId: id });
    expect(await codeOf(attempt('wrong-password'))).toBe('unauthenticated');
    expect(await codeOf(attempt('alice-password'))).toBe('forbidden');
  });

  it('does not believe a password that was changed while it was being checked', async () => {
    const identity = await withAlice();
    const slow: typeof identity.deps.passwords = {
      ...identity.deps.passwords,
      verify: async (hash, password) => {
        const right = await identity.deps.passwords.verify(hash, password);
        const alice = identity.user(identity.id);
        if (alice?.person) {
          const person = { ...alice.person, passwordHash: 'hash of another' };
          identity.work.record({ user: { ...alice, person }, events: [] });
        }
        return right;
      },
    };
    const late = signIn(
      { ...identity.deps, passwords: slow },
      { login: 'alice', password: 'alice-password', address: home },
    );
    expect(await codeOf(late)).toBe('unauthenticated');
    expect(identity.user(identity.id)?.sessions).toEqual([]);
  });
});

describe('a guesser', () => {
  it('is slowed after five attempts, before any hash is computed, and so is one who asks for a login that is not there', async () => {
    for (const login of ['alice', 'nobody']) {
      const { attempt, hashed } = await withAlice();
      for (let at = 0; at < 5; at += 1) expect(await codeOf(attempt('wrong-password', login))).toBe('unauthenticated');
      expect(await codeOf(attempt('alice-password', login))).toBe('rate_limited');
      expect(hashed).toHaveLength(5);
    }
  });

  it('does not get a thousand guesses by making them all at once', async () => {
    const { attempt, hashed } = await withAlice();
    await Promise.allSettled(Array.from({ length: 1_000 }, () => attempt('wrong-password')));
    expect(hashed).toHaveLength(5);
  });

  it('never locks the owner out: the pause ends, and another address has its own count', async () => {
    const { attempt, pass } = await withAlice();
    await Promise.allSettled(Array.from({ length: 6 }, () => attempt('wrong-password')));
    expect(await codeOf(attempt('alice-password', 'alice', '192.0.2.2'))).toBe('signed in');
    pass(1_000);
    expect(await codeOf(attempt('alice-password'))).toBe('signed in');
  });
});

describe('the right password', () => {
  it('may be used as often as one likes', async () => {
    const { attempt } = await withAlice();
    for (let at = 0; at < 20; at += 1) expect(await codeOf(attempt('alice-password'))).toBe('signed in');
  });
});
