import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { HttpOptions, HttpReply } from '@g-store/testing';
import { startIdentityForTest, type RunningIdentity } from './running-identity.js';

let identity: RunningIdentity;
beforeAll(async () => void (identity = await startIdentityForTest()));
afterAll(() => identity[Symbol.asyncDispose]());

const [register, login] = (['register', 'login'] as const).map(
  (verb) => (body: unknown, options?: HttpOptions) =>
    identity.http.post<{ token: string; code?: string }>(`/api/user/${verb}`, body, options),
) as [Ask, Ask];
type Ask = (body: unknown, options?: HttpOptions) => Promise<HttpReply<{ token: string; code?: string }>>;

const somebody = () => ({ login: `mart-${randomUUID()}`, password: 'x' });
const statuses = (replies: readonly { readonly status: number }[]) => replies.map(({ status }) => status).sort();

/** What every answer that signs somebody in consists of. */
async function expectSignedIn({ status, headers, body }: HttpReply<{ token: string }>): Promise<string> {
  const { token } = body;
  expect([status, body, headers.get('authorization')]).toEqual([200, { token }, `Bearer ${token}`]);
  expect(headers.get('content-type')).toContain('application/json');
  expect(headers.get('set-cookie')).toBe(`jwt=${token}; HttpOnly; SameSite=Strict; Path=/api/user; Max-Age=86400`);
  const keys = createLocalJWKSet((await identity.http.get<JSONWebKeySet>('/.well-known/jwks.json')).body);
  const { payload } = await jwtVerify(token, keys, { issuer: 'g-store', audience: 'gophermart', typ: 'at+jwt' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(86_400);
  return String(payload.sub);
}

describe('registering with Gophermart', () => {
  it('signs in at once: the token stands in a header, a cookie and the body', async () => {
    await expectSignedIn(await register(somebody()));
  });

  it('takes a password of any length, as it always did', async () => {
    for (const password of ['x', 'x'.repeat(128)]) {
      expect((await register({ ...somebody(), password })).status).toBe(200);
    }
  });

  it('takes a packed request', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await register(gzipSync(JSON.stringify(somebody())), { headers })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"login":'],
    ['no login', '{"password":"x"}'],
    ['no password', '{"login":"nameless"}'],
    ['an empty login', '{"login":"","password":"x"}'],
    ['an empty password', '{"login":"nameless","password":""}'],
    ['a number for a login', '{"login":1,"password":"x"}'],
    ['a password beyond all measure', JSON.stringify({ login: 'nameless', password: 'x'.repeat(129) })],
    ['a login beyond all measure', JSON.stringify({ login: 'x'.repeat(65), password: 'x' })],
    ['more than was asked for', '{"login":"nameless","password":"x","roles":["operator"]}'],
  ])('refuses %s with 400', async (_what, body) => {
    const reply = await register(body, { headers: { 'content-type': 'application/json' } });
    expect([reply.status, reply.body.code, reply.headers.get('set-cookie')]).toEqual([400, 'validation_failed', null]);
  });

  it('answers 409 for a login that is taken, however it is spelled, also by a customer of the shop', async () => {
    const { login: taken } = await identity.register();
    const reply = await register({ login: taken.toUpperCase(), password: 'x' });
    expect([reply.status, reply.body.code]).toEqual([409, 'login_taken']);
  });

  it('lets one of two in who want one login at the same moment', async () => {
    const both = somebody();
    expect(statuses(await Promise.all([register(both), register(both)]))).toEqual([200, 409]);
  });
});

describe('signing in to Gophermart', () => {
  it('gives the same as registering does, and a new token each time', async () => {
    const who = somebody();
    const first = await register(who);
    const second = await login(who);
    expect(await expectSignedIn(second)).toBe(await expectSignedIn(first));
    expect(second.body.token).not.toBe(first.body.token);
  });

  it('is for customers of the shop too, and the other way round', async () => {
    const customer = await identity.register();
    expect(await expectSignedIn(await login({ login: customer.login, password: customer.password }))).toBe(customer.id);
    const who = somebody();
    await register(who);
    await identity.signIn(who);
  });

  it('answers 401 for a wrong password and for a login that is not there, word for word the same', async () => {
    const who = somebody();
    await register(who);
    const replies = [await login({ ...who, password: 'y' }), await login({ ...who, login: 'nobody' })];
    expect(statuses(replies)).toEqual([401, 401]);
    const [wrong, nobody] = replies.map(({ body }) => ({ ...body, traceId: '' }));
    expect(nobody).toEqual(wrong);
  });

  it.each([
    '',
    '{',
    '[]',
    '{"login":"x"}',
    '{"login":"","password":"x"}',
    '{"login":"x","password":"x","cookie":true}',
  ])('refuses %j with 400', async (body) =>
    expect((await login(body, { headers: { 'content-type': 'application/json' } })).status).toBe(400),
  );

  it('sets a cookie that only travels encrypted where the shop is served encrypted', async () => {
    const who = somebody();
    await register(who);
    const reply = await login(who, { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.9' } });
    expect(reply.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('is slowed after failures like any other, and shut to a blocked user', async () => {
    const who = somebody();
    const { sub: id } = decodeJwt((await register(who)).body.token);
    for (let at = 0; at < 5; at += 1) expect((await login({ ...who, password: 'y' })).status).toBe(401);
    const slowed = await login(who);
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1']);
    await (await identity.operator()).post(`/v1/users/${id}/block`);
    identity.pass(1_000);
    expect((await login(who)).status).toBe(403);
  });
});

describe('a token of Gophermart', () => {
  it('is refused by every other API, here too', async () => {
    const { token } = (await register(somebody())).body;
    for (const path of ['/v1/users/me', '/v1/users/me/export', '/v1/users']) {
      expect((await identity.http.get(path, { token })).status).toBe(401);
    }
    expect((await identity.http.delete('/v1/sessions', undefined, { token })).status).toBe(401);
    expect((await identity.http.delete('/v1/sessions/current', undefined, { token })).status).toBe(401);
  });

  it('ends with everything else when its owner signs out everywhere, and points is told', async () => {
    const who = somebody();
    const { sub: id, sid } = decodeJwt((await register(who)).body.token);
    const { accessToken } = await identity.signIn(who);
    await identity.http.delete('/v1/sessions', undefined, { token: accessToken });
    expect(await identity.toldOf(String(id), 2)).toContainEqual(
      expect.objectContaining({ case: 'sessionRevoked', value: { sessionId: sid } }),
    );
  });
});
