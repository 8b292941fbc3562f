import { demoPasswordOf, seedDemoPeople } from './demo-people.js';
import { ensureUser, registerUser } from './registration.js';
import { keepSigningKeys } from './signing-keys.js';
import { signIn } from './sign-in.js';
import { fakeIdentity } from './work.fake.js';

describe('the people of a demonstration', () => {
  it('can all sign in with passwords that everybody knows', async () => {
    const { deps } = fakeIdentity();
    const logins = await seedDemoPeople(deps);
    const roles = await Promise.all(
      logins.map((login) => signIn(deps, { login, password: demoPasswordOf(login), address: '192.0.2.1' })),
    );
    expect(Object.fromEntries(roles.map((signedIn, at) => [logins[at], signedIn.roles]))).toEqual({
      alice: ['customer'],
      ivan: ['customer'],
      sari: ['customer'],
      staff: ['customer', 'staff'],
      operator: ['customer', 'operator'],
    });
  });

  it('are marked, and sown only once', async () => {
    const { deps } = fakeIdentity();
    await seedDemoPeople(deps);
    expect(await deps.reader.hasDemoPeople()).toBe(true);
    expect(await seedDemoPeople(deps)).toEqual([]);
  });
});

describe('the first operator', () => {
  it('is there after the first start, and left as they are afterwards', async () => {
    const { deps, user } = fakeIdentity();
    const operator = { login: 'chief', password: 'a-long-password', roles: ['customer', 'operator'] as const };
    expect(await ensureUser(deps, operator)).toBe(true);
    expect(await ensureUser(deps, { ...operator, password: 'another-password' })).toBe(false);
    const { userId } = await signIn(deps, { ...operator, address: '192.0.2.1' });
    expect(user(userId)?.roles).toEqual(['customer', 'operator']);
  });

  it('does not make an operator of a customer who has the login already', async () => {
    const { deps, user } = fakeIdentity();
    const { id } = await registerUser(deps, { login: 'chief', password: 'a-customer' });
    await ensureUser(deps, { login: 'chief', password: 'a-long-password', roles: ['customer', 'operator'] });
    expect(user(id)?.roles).toEqual(['customer']);
  });
});

describe('signing keys', () => {
  const rotation = { everyMs: 1_000, noticeMs: 10, lingerMs: 10 };
  const withKeys = () => {
    const identity = fakeIdentity();
    let made = 0;
    const makeKey = async () => ({ kid: `k${(made += 1)}`, publicJwk: {}, sealedPrivate: 'sealed' });
    return { ...identity, keep: () => keepSigningKeys({ ...identity.deps, makeKey, rotation }, identity.now()) };
  };

  it('are two from the start: one to sign, one to come', async () => {
    const { keep } = withKeys();
    expect((await keep()).map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  it('are the same ones for instances that start at once', async () => {
    const { keep, signingKeys } = withKeys();
    await Promise.all([keep(), keep(), keep()]);
    expect(signingKeys().map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  it('grow by one when the next takes over', async () => {
    const { keep, pass } = withKeys();
    await keep();
    pass(1_000);
    expect((await keep()).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
  });
});
