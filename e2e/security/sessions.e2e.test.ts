import { eventually } from '@g-store/testing';
import { expectStatus, http, operatorToken, signIn, watch } from '../shop';
import { gateway } from '../stack';
import { denialsAreHeard, newcomer, registered, shopper } from './cast';

jest.setTimeout(60_000);

describe('a refresh token', () => {
  const start = async () => {
    const { login, password } = await registered();
    return expectStatus(
      await http.post<{ accessToken: string; refreshToken: string }>('/api/identity/v1/sessions', { login, password }),
      200,
    );
  };
  const refresh = (refreshToken: unknown) =>
    http.post<{ accessToken: string; refreshToken: string }>('/api/identity/v1/sessions/refresh', { refreshToken });

  it('that twenty tabs come with at once has one successor, and the session lives', async () => {
    const { refreshToken } = await start();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const [successor, ...others] = [...new Set(replies.map(({ body }) => body.refreshToken))];
    expect(others).toEqual([]);
    for (const { body } of replies)
      expect((await http.get('/api/identity/v1/users/me', { token: body.accessToken })).status).toBe(200);
    expect((await refresh(successor)).status).toBe(200);
  });

  it('that comes back after its successor was used, later, ends the session for both who hold it', async () => {
    const { refreshToken: stolen, accessToken } = await start();
    const successor = expectStatus(await refresh(stolen), 200).refreshToken;
    const latest = await eventually(
      async () => {
        const reply = await refresh(stolen);
        return reply.status === 401 && successor;
      },
      { within: 15_000, every: 500 },
    );
    expect((await refresh(latest)).status).toBe(401);
    await denialsAreHeard([accessToken]);
  }, 30_000);

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(257), null, 7, ['x'], { $ne: '' }, '\u0000'])(
    '%j is none',
    async (token) => {
      const { status } = await refresh(token);
      expect([400, 401]).toContain(status);
    },
  );

  it('in a cookie is kept from scripts, other sites and the body', async () => {
    const { login, password } = await registered();
    const reply = await http.post('/api/identity/v1/sessions', { login, password, cookie: true });
    const cookie = reply.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^gstore_refresh=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/api\/identity\/v1\/sessions;/);
    expect(Object.keys(reply.body as object)).not.toContain('refreshToken');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const [pair = ''] = cookie.split(';');
    const again = (headers: Readonly<Record<string, string>>) =>
      http.post('/api/identity/v1/sessions/refresh', { cookie: true }, { headers: { cookie: pair, ...headers } });
    expect((await again({})).status).toBe(403);
    expect((await again({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await again({ origin: gateway })).status).toBe(200);
  });
});

describe('what is taken back', () => {
  const act = async (path: string, method: 'post' | 'delete') =>
    expectStatus(
      await http[method](`/api/identity/v1/users/${path}`, undefined, { token: await operatorToken() }),
      204,
    );

  it('a block is heard by every service and every open socket within 5 s', async () => {
    const boris = await shopper();
    const sockets = await Promise.all(Array.from({ length: 6 }, () => watch(boris)));
    const begun = performance.now();
    await act(`${boris.id}/block`, 'post');
    await denialsAreHeard([boris.token]);
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 4403 });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await expect(watch(boris)).rejects.toMatchObject({ status: 401 });
    await expect(signIn(boris.login, boris.password)).rejects.toThrow('403');
    // Lifted, it brings nothing back to life but the person.
    await act(`${boris.id}/unblock`, 'post');
    // A token counts from its second on: one of the very second of the block is taken for older.
    await eventually(
      async () => {
        const token = await signIn(boris.login, boris.password);
        return (await http.get('/api/orders/v1/orders', { token })).status === 200;
      },
      { within: 5_000, every: 250 },
    );
    expect((await http.get('/api/orders/v1/orders', boris)).status).toBe(401);
  });

  it('a lost role is heard by every service and every open socket within 5 s', async () => {
    const olga = await newcomer('staff');
    const socket = await watch(olga);
    socket.send({ type: 'subscribe', scope: 'all' });
    await socket.frame(({ type }) => type === 'subscribed');
    const begun = performance.now();
    await act(`${olga.id}/roles/staff`, 'delete');
    await denialsAreHeard([olga.token]);
    expect(await socket.closed).toMatchObject({ code: 4403 });
    expect(performance.now() - begun).toBeLessThan(5_000);
    const token = await signIn(olga.login, olga.password);
    expect((await http.get('/api/orders/v1/staff/orders', { token })).status).toBe(403);
    expect((await http.get('/api/orders/v1/orders', { token })).status).toBe(200);
  });

  it('a changed password ends every session but the one that changed it', async () => {
    const boris = await newcomer();
    const other = await signIn(boris.login, boris.password);
    const change = { currentPassword: boris.password, newPassword: `new-${boris.password}` };
    expectStatus(await http.put('/api/identity/v1/users/me/password', change, boris), 204);
    await denialsAreHeard([other]);
    expect((await http.get('/api/orders/v1/orders', boris)).status).toBe(200);
  });
});
