import { demoPasswordOf } from '../src/application/demo-people.js';
import { identityMigration } from '../src/migrations/001-identity.js';
import { seedIdentity } from '../src/seed.js';
import { startIdentity } from '../src/service.js';
import { topics } from '@g-store/contracts';
import { createInProcessBroker } from '@g-store/messaging';
import { client, createDatabase } from '@g-store/testing';
import { settingsFor, startIdentityForTest, type RunningIdentity, type Tokens } from './running-identity.js';

let identity: RunningIdentity;
beforeAll(async () => void (identity = await startIdentityForTest()));
afterAll(() => identity[Symbol.asyncDispose]());

const refresh = (refreshToken: string) => identity.http.post<Tokens>('/v1/sessions/refresh', { refreshToken });

describe('registering', () => {
  it('takes a login once, however it is spelled, and when two come at the same moment too', async () => {
    const password = 'a good password';
    const spellings = ['Straße', 'STRASSE', 'strasse', 'ｓｔｒａｓｓｅ'];
    const replies = await Promise.all(spellings.map((login) => identity.http.post('/v1/users', { login, password })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'login_taken' });
  });

  it('takes a login once even from two instances, which know nothing of each other', async () => {
    const { login } = await identity.register();
    const twin = identity.database.pool.query(
      `INSERT INTO users SELECT gen_random_uuid(), login, folded_login, name, password_hash, roles, blocked, '[]', demo, 0, now()
       FROM users WHERE login = $1`,
      [login],
    );
    await expect(twin).rejects.toMatchObject({ code: '23505', constraint: 'users_folded_login_key' });
  });

  it.each([
    [{ login: '', password: 'a good password' }],
    [{ login: 'x'.repeat(65), password: 'a good password' }],
    [{ login: 'tab\there', password: 'a good password' }],
    [{ login: 'short', password: '1234567' }],
    [{ login: 'long', password: 'x'.repeat(129) }],
    [{ login: 'cunning', password: 'a good password', roles: ['operator'] }],
    [{ login: 42, password: 'a good password' }],
  ])('refuses %j', async (body) => {
    const reply = await identity.http.post('/v1/users', body);
    expect(reply).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});

describe('my account', () => {
  it('shows me who I am', async () => {
    const { id, login, client } = await identity.person();
    expect((await client.get('/v1/users/me')).body).toEqual({ id, login, roles: ['customer'] });
  });

  it('is shown to nobody without a token', async () => {
    for (const path of ['/v1/users/me', '/v1/users/me/export'])
      expect((await identity.http.get(path)).status).toBe(401);
  });

  it('gives me everything that is kept about me', async () => {
    const { id, login, client } = await identity.person();
    const reply = await client.get('/v1/users/me/export');
    expect(reply.body).toEqual({
      id,
      login,
      roles: ['customer'],
      createdAt: expect.any(String),
      sessions: [{ id: expect.any(String), startedAt: expect.any(String), expiresAt: expect.any(String) }],
    });
    expect(reply.headers.get('content-disposition')).toContain('attachment');
  });

  it('takes a new password and signs out every other device', async () => {
    const { id, login, password, client, refreshToken } = await identity.person();
    const there = await identity.signIn({ login, password });
    const change = { currentPassword: password, newPassword: 'another password' };
    expect((await client.put('/v1/users/me/password', { ...change, currentPassword: 'a guess' })).status).toBe(403);
    expect((await client.put('/v1/users/me/password', change)).status).toBe(204);
    expect((await refresh(refreshToken)).status).toBe(200);
    expect((await refresh(there.refreshToken)).status).toBe(401);
    expect((await identity.http.post('/v1/sessions', { login, password })).status).toBe(401);
    await identity.signIn({ login, password: 'another password' });
    expect(await identity.toldOf(id, 1)).toMatchObject([{ case: 'sessionRevoked', version: 1 }]);
  });

  it('is erased when I leave: only the id stays, and the login is free again', async () => {
    const { id, login, password, client, refreshToken } = await identity.person();
    expect((await client.delete('/v1/users/me')).status).toBe(204);
    expect((await client.get('/v1/users/me')).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await identity.http.post('/v1/sessions', { login, password })).status).toBe(401);
    const [row] = await identity.database.sql`SELECT to_jsonb(u) AS row FROM users u WHERE id = ${id}`;
    expect(row?.['row']).toMatchObject({
      id,
      login: null,
      folded_login: null,
      name: null,
      password_hash: null,
      sessions: [],
    });
    expect((await identity.register({ login })).id).not.toBe(id);
    expect(await identity.toldOf(id, 1)).toMatchObject([{ case: 'sessionRevoked', version: 1 }]);
  });
});

describe('staff', () => {
  it('see the name of a user, and nothing else of them', async () => {
    const operator = await identity.operator();
    const { id } = await identity.register({ name: 'Sari Wulandari' });
    expect((await operator.get(`/v1/users/${id}`)).body).toEqual({ id, name: 'Sari Wulandari' });
    const unknown = await operator.get('/v1/users/00000000-0000-7000-8000-000000000000');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('an operator', () => {
  it('gives and takes roles, which hold from the next token on, and a lost one at once', async () => {
    const operator = await identity.operator();
    const { id, refreshToken } = await identity.person();
    expect((await operator.put(`/v1/users/${id}/roles/staff`)).status).toBe(204);
    const promoted = (await refresh(refreshToken)).body;
    const asStaff = { token: promoted.accessToken };
    expect((await identity.http.get(`/v1/users/${id}`, asStaff)).status).toBe(200);
    expect((await operator.delete(`/v1/users/${id}/roles/staff`)).status).toBe(204);
    expect((await identity.http.get(`/v1/users/${id}`, asStaff)).status).toBe(401);
    const demoted = (await refresh(promoted.refreshToken)).body;
    expect((await identity.http.get(`/v1/users/${id}`, { token: demoted.accessToken })).status).toBe(403);
    expect(await identity.toldOf(id, 2)).toEqual([
      { case: 'rolesChanged', value: { roles: ['customer', 'staff'] }, version: 1 },
      { case: 'rolesChanged', value: { roles: ['customer'] }, version: 2 },
    ]);
  });

  it('blocks somebody, who is out at once and stays out until unblocked', async () => {
    const operator = await identity.operator();
    const { id, login, password, client, refreshToken } = await identity.person();
    expect((await operator.post(`/v1/users/${id}/block`)).status).toBe(204);
    expect((await client.get('/v1/users/me')).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await identity.http.post('/v1/sessions', { login, password })).status).toBe(403);
    expect((await operator.post(`/v1/users/${id}/unblock`)).status).toBe(204);
    expect((await refresh(refreshToken)).status).toBe(401);
    identity.pass(1_000);
    await identity.signIn({ login, password });
    expect((await identity.toldOf(id, 3)).map((event) => [event.case, event.version])).toEqual([
      ['sessionRevoked', 1],
      ['userBlocked', 2],
      ['userUnblocked', 3],
    ]);
  });

  it('tells versions without gaps, however many acts come at once', async () => {
    const operator = await identity.operator();
    const { id } = await identity.person();
    const acts = Array.from({ length: 10 }, (_, at) =>
      at % 2 === 0 ? operator.put(`/v1/users/${id}/roles/staff`) : operator.delete(`/v1/users/${id}/roles/staff`),
    );
    expect((await Promise.all(acts)).every(({ status }) => status === 204)).toBe(true);
    await operator.post(`/v1/users/${id}/block`);
    const told = await identity.toldOf(id, 3);
    expect(told.map(({ version }) => version)).toEqual(told.map((_, at) => at + 1));
  });

  it('leaves one line for every act, which nobody can change', async () => {
    const operator = await identity.operator();
    const { body: chief } = await operator.get<{ id: string }>('/v1/users/me');
    const { id } = await identity.register();
    await operator.put(`/v1/users/${id}/roles/staff`);
    await operator.post(`/v1/users/${id}/block`);
    await operator.post(`/v1/users/${chief.id}/block`);
    const acts = await identity.database.sql`
      SELECT actor, action, user_id, detail FROM user_act WHERE user_id IN (${id}, ${chief.id}) ORDER BY id`;
    expect(acts).toEqual([
      { actor: chief.id, action: 'grant_role', user_id: id, detail: 'staff' },
      { actor: chief.id, action: 'block', user_id: id, detail: null },
    ]);
    for (const change of ['UPDATE user_act SET actor = user_id', 'DELETE FROM user_act', 'DELETE FROM users']) {
      await expect(identity.database.pool.query(change)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('finds people by part of their name or login, page by page', async () => {
    const operator = await identity.operator();
    for (const at of [1, 2, 3]) await identity.register({ login: `Парижанка ${at}`, name: `100%_${at}` });
    interface Page {
      readonly users: readonly { readonly login: string }[];
      readonly nextCursor: string | null;
    }
    const first = await operator.get<Page>(`/v1/users?limit=2&q=${encodeURIComponent('ПАРИЖ')}`);
    expect(first.body.users.map(({ login }) => login)).toEqual(['Парижанка 3', 'Парижанка 2']);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await operator.get<Page>(next);
    expect(second.body).toMatchObject({ users: [{ login: 'Парижанка 1' }], nextCursor: null });
    expect((await operator.get<Page>(`/v1/users?q=${encodeURIComponent('%_')}`)).body.users).toHaveLength(3);
    expect((await operator.get('/v1/users?cursor=nonsense')).status).toBe(400);
  });

  it('is the only one who may', async () => {
    const { id, client } = await identity.person();
    const asCustomer = await Promise.all([
      client.get('/v1/users'),
      client.get(`/v1/users/${id}`),
      client.put(`/v1/users/${id}/roles/operator`),
      client.delete(`/v1/users/${id}/roles/staff`),
      client.post(`/v1/users/${id}/block`),
      client.post(`/v1/users/${id}/unblock`),
    ]);
    expect(asCustomer.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
  });
});

describe('a demonstration', () => {
  it('has its people, who can sign in, and production refuses to start on them', async () => {
    await using database = await createDatabase({ migrations: [identityMigration] });
    const settings = settingsFor(database);
    expect(await seedIdentity(settings)).toEqual(['alice', 'ivan', 'sari', 'staff', 'operator']);
    expect(await seedIdentity(settings)).toEqual([]);
    await expect(seedIdentity({ ...settings, GSTORE_MODE: 'production' })).rejects.toThrow('only a demonstration');

    const partitions = { [topics.identityEvents.name]: topics.identityEvents.partitions };
    const broker = createInProcessBroker({ partitions });
    const service = await startIdentity(settings, { broker });
    const reply = await client(service.url).post('/v1/sessions', { login: 'Ivan', password: demoPasswordOf('ivan') });
    await service[Symbol.asyncDispose]();
    expect(reply.status).toBe(200);
    await expect(startIdentity({ ...settings, GSTORE_MODE: 'production' }, { broker })).rejects.toThrow(
      'demonstration',
    );
    await expect(startIdentity({ ...settings, IDENTITY_SECRET: 'x'.repeat(32) }, { broker })).rejects.toThrow(
      'IDENTITY_SECRET',
    );
    await broker.close();
  });
});
