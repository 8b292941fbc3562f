import { createVirtualTime, silentLog } from '@g-store/runtime';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { fakeIdentity } from '../application/work.fake.js';
import { startKeyring, type Keyring } from './keyring.js';
import { createSafe } from './secrets.js';

const day = 86_400_000;
const rotation = { everyMs: 30 * day, noticeMs: 3_600_000 };
const secret = 'one secret of at least thirty-two characters';

const withKeyring = async () => {
  const { deps } = fakeIdentity();
  const time = createVirtualTime();
  const start = (with_ = secret) =>
    startKeyring({ ...deps, rotation, safe: createSafe(with_), ...time, log: silentLog, tokenSeconds: 600 });
  const token = async (keyring: Keyring, sessionMs = day) => {
    const at = time.clock.now();
    const sessionExpiresAt = new Date(at.getTime() + sessionMs);
    return keyring.issue({ userId: 'u1', sessionId: 's1', roles: ['customer'], at, sessionExpiresAt });
  };
  return { deps, time, start, token };
};
const kids = (keyring: Keyring) => keyring.jwks().keys.map((key) => (key as { kid: string }).kid);

describe('an access token', () => {
  it('says who, in which session and with which roles, and is good for ten minutes', async () => {
    const { start, token, time } = await withKeyring();
    await using keyring = await start();
    const { accessToken, expiresIn } = await token(keyring);
    const keys = createLocalJWKSet(keyring.jwks() as Parameters<typeof createLocalJWKSet>[0]);
    const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
      issuer: 'g-store',
      audience: 'g-store',
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: time.clock.now(),
    });
    expect(payload).toMatchObject({ sub: 'u1', sid: 's1', roles: ['customer'] });
    expect([expiresIn, (payload.exp ?? 0) - (payload.iat ?? 0)]).toEqual([600, 600]);
    expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ']);
  });

  it('is never the same twice, and never outlives its session', async () => {
    const { start, token } = await withKeyring();
    await using keyring = await start();
    const [one, other, short] = [await token(keyring), await token(keyring), await token(keyring, 30_000)];
    expect(decodeJwt(one.accessToken).jti).not.toBe(decodeJwt(other.accessToken).jti);
    expect(short.expiresIn).toBe(30);
  });
});

describe('a token of the Gophermart API', () => {
  it('is good for a day, and proved to its end by a key that is shown, though keys have changed meanwhile', async () => {
    const { start, time } = await withKeyring();
    await using keyring = await start();
    await time.advance(30 * day - 1_000);
    const at = time.clock.now();
    const grant = { userId: 'u1', sessionId: 's1', roles: [], at, sessionExpiresAt: new Date(at.getTime() + day) };
    const { accessToken, expiresIn } = await keyring.issue(grant, 'gophermart');
    await time.advance(day - 2_000);
    const keys = createLocalJWKSet(keyring.jwks() as Parameters<typeof createLocalJWKSet>[0]);
    const proof = { audience: 'gophermart', currentDate: time.clock.now() };
    expect((await jwtVerify(accessToken, keys, proof)).payload.sub).toBe('u1');
    expect(expiresIn).toBe(86_400);
  });
});

describe('the keys', () => {
  it('that are shown are public: the one that signs and the next', async () => {
    const { start } = await withKeyring();
    await using keyring = await start();
    expect(keyring.jwks().keys).toHaveLength(2);
    expect(keyring.jwks().keys.every((key) => !('d' in key))).toBe(true);
  });

  it('lie sealed where they are kept', async () => {
    const { start, deps } = await withKeyring();
    await using _keyring = await start();
    const kept = JSON.stringify(await deps.reader.signingKeys());
    expect(kept).not.toContain('"d"');
    expect(kept).not.toContain(Buffer.from('"d":').toString('base64url'));
  });

  it('change when they are old enough: the one that was shown as next signs, and the old one is still shown', async () => {
    const { start, token, time } = await withKeyring();
    await using keyring = await start();
    const [first, second] = kids(keyring);
    expect(decodeProtectedHeader((await token(keyring)).accessToken).kid).toBe(first);
    await time.advance(30 * day);
    expect(decodeProtectedHeader((await token(keyring)).accessToken).kid).toBe(second);
    expect(kids(keyring)).toEqual([first, second, expect.any(String)]);
    await time.advance(day + 3_600_000);
    expect(kids(keyring)).toEqual([second, expect.any(String)]);
  });

  it('are the same after a restart', async () => {
    const { start } = await withKeyring();
    await using keyring = await start();
    await using restarted = await start();
    expect(kids(restarted)).toEqual(kids(keyring));
  });

  it('do not open with another secret, and the start says so', async () => {
    const { start } = await withKeyring();
    await using _keyring = await start();
    await expect(start('another secret of at least thirty-two characters')).rejects.toThrow('IDENTITY_SECRET');
  });
});
