import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { ourOrigin, startIdentityForTest, type RunningIdentity, type Tokens } from './running-identity.js';

let identity: RunningIdentity;
beforeAll(async () => void (identity = await startIdentityForTest()));
afterAll(() => identity[Symbol.asyncDispose]());

const refresh = (refreshToken: string) => identity.http.post<Tokens>('/v1/sessions/refresh', { refreshToken });
const session = (userId: string) => identity.toldOf(userId, 1);

describe('signing in', () => {
  it('gives a token that the published keys prove, for ten minutes', async () => {
    const { id, accessToken, expiresIn } = await identity.person();
    const { body } = await identity.http.get<JSONWebKeySet>('/.well-known/jwks.json');
    const proof = { issuer: 'g-store', audience: 'g-store', typ: 'at+jwt' };
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet(body), proof);
    expect(payload).toMatchObject({ sub: id, roles: ['customer'], sid: expect.any(String), jti: expect.any(String) });
    expect([expiresIn, body.keys.length]).toEqual([600, 2]);
  });

  it('takes as long and answers the same for a login that is not there', async () => {
    const { login } = await identity.register();
    const before = await identity.hashesComputed();
    const wrong = await identity.http.post<object>('/v1/sessions', { login, password: 'not the password' });
    const afterWrong = await identity.hashesComputed();
    const nobody = await identity.http.post<object>('/v1/sessions', { login: 'nobody', password: 'not the password' });
    const afterNobody = await identity.hashesComputed();
    expect([afterWrong - before, afterNobody - afterWrong]).toEqual([1, 1]);
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect({ ...nobody.body, traceId: '' }).toEqual({ ...wrong.body, traceId: '' });
  });

  it('is slowed after five failures, for a login that is not there as well, and tells how long to wait', async () => {
    const { login, password } = await identity.register();
    for (const tried of [login, `nobody like ${login}`]) {
      const attempts = Array.from({ length: 8 }, () =>
        identity.http.post('/v1/sessions', { login: tried, password: 'a guess!' }),
      );
      const replies = await Promise.all(attempts);
      expect(replies.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
      expect(replies.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
    }
    const elsewhere = { headers: { 'x-forwarded-for': '198.51.100.7' } };
    expect((await identity.http.post('/v1/sessions', { login, password }, elsewhere)).status).toBe(200);
    identity.pass(1_000);
    expect((await identity.http.post('/v1/sessions', { login, password })).status).toBe(200);
  });

  it('keeps no secret where it could be read: neither in the database nor in the log', async () => {
    const { login, password, refreshToken, accessToken } = await identity.person();
    const { refreshToken: next } = (await refresh(refreshToken)).body;
    await identity.http.post('/v1/sessions', { login, password: 'canary-of-a-wrong-password' });
    const rows = await identity.database.sql`
      SELECT to_jsonb(u) AS row FROM users u UNION ALL SELECT to_jsonb(t) FROM refresh_token t
      UNION ALL SELECT to_jsonb(s) FROM sign_in_attempts s UNION ALL SELECT to_jsonb(k) FROM signing_key k
      UNION ALL SELECT to_jsonb(i) FROM idempotency i`;
    const everything = `${JSON.stringify(rows)}${identity.logged()}`;
    expect(everything).toContain(login);
    for (const secret of [password, refreshToken, next, accessToken, 'canary-of-a-wrong-password', '"d":']) {
      expect(everything).not.toContain(secret);
    }
  });
});

describe('refreshing', () => {
  it('twenty times at once gives one and the same successor', async () => {
    const { refreshToken } = await identity.person();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const successors = new Set(replies.map(({ body }) => body.refreshToken));
    expect(successors.size).toBe(1);
    expect(successors.has(refreshToken)).toBe(false);
    expect((await refresh([...successors].join())).status).toBe(200);
  });

  it('with a stolen token ends the session, also for the access tokens that are out', async () => {
    const { id, client, refreshToken } = await identity.person();
    const { refreshToken: successor } = (await refresh(refreshToken)).body;
    identity.pass(10_001);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(successor)).status).toBe(401);
    expect((await client.get('/v1/users/me')).status).toBe(401);
    expect(await session(id)).toMatchObject([{ case: 'sessionRevoked', version: 1 }]);
  });

  it('with no token at all says what is missing', async () => {
    const reply = await identity.http.post('/v1/sessions/refresh', {});
    expect(reply).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});

describe('in a browser', () => {
  const withCookie = async () => {
    const { login, password, id } = await identity.register();
    const reply = await identity.http.post('/v1/sessions', { login, password, cookie: true });
    return { id, reply, cookie: (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  };
  const ask = (cookie: string | undefined, origin: string | undefined) =>
    identity.http.post<Tokens>(
      '/v1/sessions/refresh',
      { cookie: true },
      { headers: { ...(cookie && { cookie }), ...(origin && { origin }) } },
    );

  it('the refresh token lies in a cookie that scripts cannot read, and not in the body', async () => {
    const { reply } = await withCookie();
    expect(reply.body).not.toHaveProperty('refreshToken');
    expect(reply.headers.get('set-cookie')).toMatch(
      /^gstore_refresh=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/api\/identity\/v1\/sessions; Max-Age=2592000$/,
    );
  });

  it('behind https the cookie is Secure', async () => {
    const { login, password } = await identity.register();
    const https = { headers: { 'x-forwarded-proto': 'https' } };
    const reply = await identity.http.post('/v1/sessions', { login, password, cookie: true }, https);
    expect(reply.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('a page of ours refreshes by cookie, and one of somebody else does not', async () => {
    const { cookie } = await withCookie();
    for (const origin of ['http://evil.test', 'null', undefined]) expect((await ask(cookie, origin)).status).toBe(403);
    const reply = await ask(cookie, ourOrigin);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ accessToken: expect.any(String), expiresIn: 600 });
    expect(reply.headers.get('set-cookie')).not.toContain(cookie);
  });

  it('without a cookie there is nothing to refresh, and that is no error', async () => {
    expect((await ask(undefined, ourOrigin)).status).toBe(204);
  });

  it('a cookie that is good for nothing is taken back', async () => {
    const reply = await ask('gstore_refresh=made-up', ourOrigin);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  it('signing out by cookie works from a page of ours only', async () => {
    const { id, cookie } = await withCookie();
    const leave = (headers: Record<string, string>) =>
      identity.http.delete('/v1/sessions/current', undefined, { headers });
    expect((await leave({})).status).toBe(401);
    expect((await leave({ cookie, origin: 'http://evil.test' })).status).toBe(403);
    const reply = await leave({ cookie, origin: ourOrigin });
    expect([reply.status, reply.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await ask(cookie, ourOrigin)).status).toBe(401);
    expect(await session(id)).toMatchObject([{ case: 'sessionRevoked' }]);
  });
});

describe('signing out', () => {
  it('here ends this session at once and no other', async () => {
    const { login, password, client, refreshToken } = await identity.person();
    const there = await identity.signIn({ login, password });
    expect((await client.delete('/v1/sessions/current')).status).toBe(204);
    expect((await client.get('/v1/users/me')).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(there.refreshToken)).status).toBe(200);
  });

  it('everywhere ends all of them, and each is told under its own version', async () => {
    const { id, login, password, client, refreshToken } = await identity.person();
    const there = await identity.signIn({ login, password });
    expect((await client.delete('/v1/sessions')).status).toBe(204);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(there.refreshToken)).status).toBe(401);
    const options = { token: there.accessToken };
    expect((await identity.http.get('/v1/users/me', options)).status).toBe(401);
    expect((await identity.toldOf(id, 2)).map(({ version }) => version)).toEqual([1, 2]);
  });
});
