import { IdentityRefused } from '../domain/refusal.js';
import { blockUser, giveRole } from './operators.js';
import { changeOwnPassword, eraseUser } from './own-account.js';
import { registerUser } from './registration.js';
import { refresh, signOut, signOutByToken, signOutEverywhere } from './sessions.js';
import { signIn } from './sign-in.js';
import { fakeIdentity } from './work.fake.js';

const address = '192.0.2.1';
const withAlice = async () => {
  const identity = fakeIdentity();
  const { id: userId } = await registerUser(identity.deps, { login: 'alice', password: 'alice-password' });
  const enter = (password = 'alice-password') => signIn(identity.deps, { login: 'alice', password, address });
  return { ...identity, userId, enter };
};
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'agreed',
    (error: unknown) => (error instanceof IdentityRefused ? error.code : Promise.reject(error)),
  );

describe('refreshing', () => {
  it('gives another token of the same session', async () => {
    const { deps, enter } = await withAlice();
    const first = await enter();
    const second = await refresh(deps, first.refreshToken);
    const third = await refresh(deps, second.refreshToken);
    expect(new Set([first.refreshToken, second.refreshToken, third.refreshToken]).size).toBe(3);
    expect(third).toMatchObject({ sessionId: first.sessionId, sessionExpiresAt: first.sessionExpiresAt });
  });

  it('in twenty tabs at once gives all of them the same token', async () => {
    const { deps, enter } = await withAlice();
    const { refreshToken } = await enter();
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh(deps, refreshToken)));
    expect(new Set(all.map((answer) => answer.refreshToken)).size).toBe(1);
  });

  it('with a token that was used a while ago ends the session for the thief and for the owner', async () => {
    const { deps, enter, pass, told, userId } = await withAlice();
    const { refreshToken, sessionId } = await enter();
    const { refreshToken: successor } = await refresh(deps, refreshToken);
    pass(10_001);
    expect(await codeOf(refresh(deps, refreshToken))).toBe('unauthenticated');
    expect(await codeOf(refresh(deps, successor))).toBe('unauthenticated');
    expect(told()).toEqual([{ type: 'SessionRevoked', sessionId, key: userId, version: 1 }]);
  });

  it('with a token of nobody is refused', async () => {
    const { deps } = await withAlice();
    expect(await codeOf(refresh(deps, 'made up'))).toBe('unauthenticated');
  });

  it('ends with the session, however often it was refreshed', async () => {
    const { deps, enter, pass } = await withAlice();
    const { refreshToken } = await enter();
    pass(deps.sessionMs - 1);
    const { refreshToken: successor } = await refresh(deps, refreshToken);
    pass(1);
    expect(await codeOf(refresh(deps, successor))).toBe('unauthenticated');
  });

  it('brings the roles up to date', async () => {
    const { deps, work, enter, userId } = await withAlice();
    const { refreshToken } = await enter();
    await giveRole(work, { by: 'op', userId, role: 'staff' });
    expect((await refresh(deps, refreshToken)).roles).toEqual(['customer', 'staff']);
  });
});

describe('signing out', () => {
  it('ends the session at once', async () => {
    const { deps, work, enter, told } = await withAlice();
    const [here, there] = [await enter(), await enter()];
    await signOut(work, here);
    expect(await codeOf(refresh(deps, here.refreshToken))).toBe('unauthenticated');
    expect(await codeOf(refresh(deps, there.refreshToken))).toBe('agreed');
    expect(told()).toMatchObject([{ type: 'SessionRevoked', sessionId: here.sessionId }]);
  });

  it('works by refresh token alone, and a token that is unknown is no error', async () => {
    const { deps, enter, userId, user } = await withAlice();
    const { refreshToken } = await enter();
    await signOutByToken(deps, 'made up');
    await signOutByToken(deps, refreshToken);
    expect(user(userId)?.sessions).toEqual([]);
  });

  it('everywhere tells of each session in turn', async () => {
    const { work, enter, told, userId } = await withAlice();
    await enter();
    await enter();
    await signOutEverywhere(work, { userId });
    expect(told().map(({ type, version }) => [type, version])).toEqual([
      ['SessionRevoked', 1],
      ['SessionRevoked', 2],
    ]);
  });
});

describe('changing the password', () => {
  it('needs the current one', async () => {
    const { deps, userId, enter } = await withAlice();
    const { sessionId } = await enter();
    const change = { userId, sessionId, currentPassword: 'a guess', newPassword: 'new-password', address };
    expect(await codeOf(changeOwnPassword(deps, change))).toBe('forbidden');
  });

  it('cannot be used to guess it', async () => {
    const { deps, userId, hashed } = await withAlice();
    hashed.length = 0;
    const change = { userId, sessionId: 's', currentPassword: 'a guess', newPassword: 'new-password', address };
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(changeOwnPassword(deps, change))));
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(1);
  });

  it('signs out every other device', async () => {
    const { deps, userId, enter } = await withAlice();
    const [here, there] = [await enter(), await enter()];
    const { sessionId } = here;
    const change = { userId, sessionId, currentPassword: 'alice-password', newPassword: 'new-password', address };
    await changeOwnPassword(deps, change);
    expect(await codeOf(refresh(deps, here.refreshToken))).toBe('agreed');
    expect(await codeOf(refresh(deps, there.refreshToken))).toBe('unauthenticated');
    expect(await codeOf(enter('alice-password'))).toBe('unauthenticated');
    expect(await codeOf(enter('new-password'))).toBe('agreed');
  });
});

describe('leaving', () => {
  it('frees the login and ends every session', async () => {
    const { deps, work, userId, enter } = await withAlice();
    const { refreshToken } = await enter();
    await eraseUser(work, { userId });
    expect(await codeOf(refresh(deps, refreshToken))).toBe('unauthenticated');
    expect(await codeOf(enter())).toBe('unauthenticated');
    const anew = await registerUser(deps, { login: 'alice', password: 'alice-password' });
    expect(anew.id).not.toBe(userId);
  });
});

describe('an operator', () => {
  it('leaves a trace of every act', async () => {
    const { work, acts, userId } = await withAlice();
    await giveRole(work, { by: 'op', userId, role: 'staff' });
    await blockUser(work, { by: 'op', userId });
    expect(acts()).toEqual([
      { actor: 'op', action: 'grant_role', userId, detail: 'staff' },
      { actor: 'op', action: 'block', userId },
    ]);
  });

  it('who was refused leaves none here', async () => {
    const { deps, acts, userId } = await withAlice();
    const attempt = deps.transact([], (work) => blockUser(work, { by: userId, userId }));
    expect(await codeOf(attempt)).toBe('forbidden');
    expect(acts()).toEqual([]);
  });

  it('who blocks somebody ends their sessions', async () => {
    const { deps, work, userId, enter } = await withAlice();
    const { refreshToken } = await enter();
    await blockUser(work, { by: 'op', userId });
    expect(await codeOf(refresh(deps, refreshToken))).toBe('unauthenticated');
    expect(await codeOf(enter())).toBe('forbidden');
  });
});
