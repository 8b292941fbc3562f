import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import { startPointsForTest } from './running-points.js';
import type { RunningPoints } from './running-points.js';

let points: RunningPoints;
beforeAll(async () => (points = await startPointsForTest()));
afterAll(() => points?.[Symbol.asyncDispose]());
afterEach(async () => expect(await points.violations()).toEqual([]));

interface Page {
  readonly entries: readonly {
    version: number;
    type: string;
    direction: string;
    amount: number;
    balanceAfter: number;
    at: string;
  }[];
  readonly nextCursor: string | null;
}
type Balance = { balance: number; at: string };

const adjust = (id: string, amount: unknown, options = {}) =>
  points.staff.post<Record<string, unknown>>(`/v1/accounts/${id}/adjustments`, { amount, reason: 'a test' }, options);

describe('my account', () => {
  it('is an empty one until there are points on it', async () => {
    const { userId, http } = points.person();
    expect((await http.get('/v1/accounts/mine')).body).toEqual({ id: userId, balance: 0, version: 0 });
    expect((await http.get('/v1/accounts/mine/entries')).body).toEqual({ entries: [], nextCursor: null });
    expect((await http.get<Balance>('/v1/accounts/mine/balance')).body.balance).toBe(0);
  });

  it('is sent again only when it has changed', async () => {
    const { userId, http } = await points.customer(500);
    const first = await http.get('/v1/accounts/mine');
    expect(first.body).toMatchObject({ id: userId, balance: 500, version: 1 });
    const etag = first.headers.get('etag') ?? '';
    expect((await http.get('/v1/accounts/mine', { headers: { 'if-none-match': etag } })).status).toBe(304);
    await adjust(userId, 1);
    expect((await http.get('/v1/accounts/mine', { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('had at each time what it had then', async () => {
    const { userId, http } = await points.customer(0);
    for (const [version, at] of [
      [1, '2020-01-01T00:00:00Z'],
      [2, '2020-01-02T00:00:00Z'],
      [3, '2020-01-02T00:00:00Z'],
    ] as const)
      await points.database
        .sql`INSERT INTO points_events (account_id, version, kind, change, balance_after, cause, reason, actor, at)
        VALUES (${userId}, ${version}, 'adjusted', 100, ${version * 100}, ${userId + version}, 'x', 'x', ${at})`;
    await points.database
      .sql`INSERT INTO points_account VALUES (${userId}, 300, 0, 0, 3, 3, '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z')`;
    const at = async (time: string) =>
      (await http.get<Balance>(`/v1/accounts/mine/balance?at=${encodeURIComponent(time)}`)).body;
    expect(await at('2019-12-31T23:59:59.999Z')).toEqual({ balance: 0, at: '2019-12-31T23:59:59.999Z' });
    expect((await at('2020-01-01T00:00:00Z')).balance).toBe(100);
    expect((await at('2020-01-02T01:59:59+02:00')).balance).toBe(100);
    expect((await at('2020-01-02T02:00:00+02:00')).balance).toBe(300);
    expect((await http.get<Balance>('/v1/accounts/mine/balance')).body.balance).toBe(300);
    for (const bad of ['yesterday', '2020-13-01T00:00:00Z', '2020-01-01'])
      expect((await http.get(`/v1/accounts/mine/balance?at=${bad}`)).status).toBe(400);
  });

  it('has a statement whose balance runs, page by page', async () => {
    const { userId, http } = await points.customer(1);
    for (let amount = 2; amount <= 25; amount += 1) await adjust(userId, amount % 5 === 0 ? -amount : amount);
    const lines: Page['entries'][number][] = [];
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const from: string = cursor === undefined ? '' : `&cursor=${cursor}`;
      const { body, headers }: { body: Page; headers: Headers } = await http.get<Page>(
        `/v1/accounts/mine/entries?limit=10${from}`,
      );
      lines.push(...body.entries);
      cursor = body.nextCursor;
      expect(headers.has('link')).toBe(cursor !== null);
    }
    expect(lines.map(({ version }) => version)).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
    lines.forEach(({ balanceAfter, amount, direction }, index) =>
      expect(balanceAfter - (direction === 'IN' ? amount : -amount)).toBe(lines[index + 1]?.balanceAfter ?? 0),
    );
    expect((await http.get('/v1/accounts/mine/entries?cursor=nonsense')).status).toBe(400);
  });

  it('is shown to nobody else but staff and machines of points', async () => {
    const { userId } = await points.customer(7);
    for (const path of [`/v1/accounts/${userId}`, `/v1/accounts/${userId}/entries`]) {
      expect((await points.person().http.get(path)).status).toBe(403);
      expect((await points.stranger.get(path)).status).toBe(403);
      expect((await points.anonymous.get(path)).status).toBe(401);
      for (const reader of [points.staff, points.machine]) expect((await reader.get(path)).status).toBe(200);
    }
    expect((await points.machine.get('/v1/accounts/mine')).status).toBe(403);
  });
});

describe('an adjustment by staff', () => {
  it('gives and takes, with a reason and a name', async () => {
    const { userId } = points.person();
    const given = await adjust(userId, 500);
    expect([given.status, given.body, given.headers.get('etag'), given.headers.get('location')]).toEqual([
      201,
      { accountId: userId, balance: 500, version: 1 },
      '"1"',
      `/v1/accounts/${userId}/entries`,
    ]);
    expect((await adjust(userId, -500)).body).toMatchObject({ balance: 0, version: 2 });
    const told = await points.toldOf(userId, 2);
    expect(told).toMatchObject([
      { case: 'adjusted', version: 1, value: { change: 500n, reason: 'a test' } },
      { case: 'adjusted', version: 2, value: { change: -500n, balance: 0n } },
    ]);
    expect(told[0]?.value).not.toHaveProperty('requestId');
    const [log] = await points.database
      .sql`SELECT actor FROM points_events WHERE account_id = ${userId} AND version = 1`;
    expect(log?.['actor']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes no more than there is, and nothing from nobody', async () => {
    const { userId } = await points.customer(10);
    for (const id of [userId, randomUUID()])
      expect((await adjust(id, -11)).body).toMatchObject({ status: 409, code: 'insufficient_points' });
    expect(await points.balanceOf(userId)).toBe(10n);
  });

  it.each([0, 1.5, '5', 1e13, null])('is never of %p', async (amount) => {
    expect((await adjust(randomUUID(), amount)).status).toBe(400);
  });

  it('goes on only from the version that was seen', async () => {
    const { userId } = await points.customer(10);
    expect((await adjust(userId, 1, { headers: { 'if-match': '"0"' } })).body).toMatchObject({
      code: 'version_conflict',
    });
    expect((await adjust(userId, 1, { headers: { 'if-match': '"1"' } })).status).toBe(201);
  });

  it('counts once what was sent many times with one Idempotency-Key, and each of many sent at once', async () => {
    const { userId } = points.person();
    const idempotencyKey = randomUUID();
    const same = await Promise.all(Array.from({ length: 20 }, () => adjust(userId, 50, { idempotencyKey })));
    expect(same.every(({ status }) => status === 201)).toBe(true);
    await Promise.all(Array.from({ length: 100 }, (_, index) => adjust(userId, index + 1)));
    expect(await points.balanceOf(userId)).toBe(50n + 5050n);
  });

  it('is not for customers', async () => {
    const { userId, http } = points.person();
    const reply = await http.post(`/v1/accounts/${userId}/adjustments`, { amount: 1, reason: 'please' });
    expect(reply.status).toBe(403);
  });
});

it('describes every route of its own to whoever asks', async () => {
  const { body } = await points.anonymous.get<{ paths: Record<string, object> }>('/swagger/doc.json');
  const own = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  for (const path of [
    'get /',
    'get /ping',
    'get /v1/accounts/mine',
    'get /v1/accounts/mine/balance',
    'get /v1/accounts/mine/entries',
    'get /v1/point',
    'get /v1/point/requests/{request_id}',
    'get /v1/point/{user_id}/latest',
    'post /v1/accounts/{id}/adjustments',
    'post /v1/point/add',
    'post /v1/point/subtract',
    'post /v1/point/{user_id}/add',
    'post /v1/point/{user_id}/deduct',
  ])
    expect(own).toContain(path);
  await eventually(async () => expect((await points.anonymous.get('/readyz')).status).toBe(200));
});
