import { randomUUID } from 'node:crypto';
import type { HttpReply } from '@g-store/testing';
import { startPointsForTest } from './running-points.js';
import type { RunningPoints } from './running-points.js';

let points: RunningPoints;
beforeAll(async () => (points = await startPointsForTest()));
afterAll(() => points?.[Symbol.asyncDispose]());
afterEach(async () => expect(await points.violations()).toEqual([]));

const json = 'application/json; charset=utf-8';
type Accepted = { data: { request_id: string } };
const seen = ({ status, headers, body }: HttpReply<unknown>) => [status, headers.get('content-type'), body];
const ask = (user: string, kind: string, point: unknown) =>
  points.machine.post<Accepted>(`/v1/point/${user}/${kind}`, { point });
const latest = (user: string) => points.machine.get(`/v1/point/${user}/latest`);

describe('the event-store dialect', () => {
  it.each(['add', 'deduct'])('accepts to %s, with the id of the request', async (kind) => {
    const user = randomUUID();
    await ask(user, 'add', 100);
    const reply = await ask(user, kind, 12.5);
    const request_id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]+$/);
    expect(seen(reply)).toEqual([200, json, { data: { request_id }, metadata: {} }]);
    expect(await points.fateOf(reply.body.data.request_id)).toEqual({
      status: 'APPLIED',
      total_point: kind === 'add' ? 112.5 : 87.5,
      accepted_at: expect.stringMatching(/Z$/),
      decided_at: expect.stringMatching(/Z$/),
    });
  });

  it('tells what a user has, to the hundredth; nothing for one that it has never heard of', async () => {
    const user = randomUUID();
    expect(seen(await latest(user))).toEqual([200, json, { data: { total_point: 0 }, metadata: {} }]);
    for (const point of [0.1, 0.2]) await points.fateOf((await ask(user, 'add', point)).body.data.request_id);
    const reply = await latest(user);
    expect(reply.text).toBe('{"data":{"total_point":0.3},"metadata":{}}');
  });

  it('says PENDING until a request has been decided', async () => {
    const user = randomUUID();
    await points.database.sql`INSERT INTO points_request (id, account_id, kind, points, actor, status, accepted_at)
      VALUES (${user}, ${user}, 'add', 5, 'key:robot', 'PENDING', now())`;
    const { body } = await points.machine.get(`/v1/point/requests/${user}`);
    expect(body).toEqual({ data: { status: 'PENDING', accepted_at: expect.any(String) }, metadata: {} });
  });

  it('rejects to deduct more than there is, and anything from nobody', async () => {
    const user = randomUUID();
    const nobody = await ask(user, 'deduct', 0.01);
    const rejected = { status: 'REJECTED', reason: 'insufficient_points' };
    expect(await points.fateOf(nobody.body.data.request_id)).toMatchObject({ ...rejected, total_point: 0 });
    expect(await points.database.sql`SELECT FROM points_account WHERE account_id = ${user}`).toEqual([]);
    await ask(user, 'add', 5);
    const tooMuch = await ask(user, 'deduct', 5.01);
    expect(await points.fateOf(tooMuch.body.data.request_id)).toMatchObject({ ...rejected, total_point: 5 });
    const all = await ask(user, 'deduct', 5);
    expect(await points.fateOf(all.body.data.request_id)).toMatchObject({ status: 'APPLIED', total_point: 0 });
  });

  it('does not know a request that nobody made', async () => {
    for (const id of [randomUUID(), 'x']) {
      const { status, body } = await points.machine.get(`/v1/point/requests/${id}`);
      expect([status, body]).toEqual([404, expect.objectContaining({ code: 'not_found', error: 'request not found' })]);
    }
  });

  it.each([
    ['nothing', undefined, 'point must be a number'],
    ['zero', 0, 'point must be positive and not zero'],
    ['less than zero', -1, 'point must be positive and not zero'],
    ['a third decimal', 1.005, 'point must be a number with at most 2 decimal places'],
    ['words', '12', 'point must be a number'],
    ['more than anybody has', 1e11, 'point must not be so large'],
  ])('refuses to add or deduct %s', async (_, point, error) => {
    for (const kind of ['add', 'deduct']) {
      const { status, body } = await points.machine.post(`/v1/point/7/${kind}`, { point });
      expect([status, body]).toEqual([400, expect.objectContaining({ code: 'validation_failed', error })]);
    }
  });

  it.each(['-1', 'a b', 'a/../b', "1'--", 'x'.repeat(65), '%00'])('takes no user called %s', async (user) => {
    const path = `/v1/point/${encodeURIComponent(user)}`;
    expect((await points.machine.post(`${path}/add`, { point: 1 })).status).toBe(400);
    expect((await points.machine.get(`${path}/latest`)).status).toBe(400);
  });

  it('means the same user by every spelling of an id', async () => {
    const user = randomUUID();
    await points.fateOf((await ask(user.toUpperCase(), 'add', 3)).body.data.request_id);
    expect((await latest(user)).body).toMatchObject({ data: { total_point: 3 } });
  });

  it('lets nobody in but staff and machines of its scope', async () => {
    const { userId, http } = points.person();
    const paths = [`/v1/point/${userId}/latest`, `/v1/point/requests/${randomUUID()}`];
    for (const path of paths) {
      expect((await points.anonymous.get(path)).status).toBe(401);
      expect((await http.get(path)).status).toBe(403);
      expect((await points.stranger.get(path)).status).toBe(403);
    }
    expect((await http.post(`/v1/point/${userId}/add`, { point: 1 })).status).toBe(403);
    expect((await points.staff.get(paths[0] ?? '')).status).toBe(200);
  });
});

describe('requests', () => {
  it('are decided in the order in which one caller made them', async () => {
    const user = randomUUID();
    const steps = [5, -5, -1, 7, -3, 2, -6, 1] as const;
    const ids: string[] = [];
    for (const step of steps)
      ids.push((await ask(user, step > 0 ? 'add' : 'deduct', Math.abs(step))).body.data.request_id);
    const fates = [];
    for (const id of ids) fates.push(await points.fateOf(id));
    expect(fates.map(({ status, total_point }) => [status, total_point])).toEqual([
      ['APPLIED', 5],
      ['APPLIED', 0],
      ['REJECTED', 0],
      ['APPLIED', 7],
      ['APPLIED', 4],
      ['APPLIED', 6],
      ['APPLIED', 0],
      ['APPLIED', 1],
    ]);
    const told = await points.toldOf(user, 7);
    expect(told.map(({ case: name, version }) => [name, version])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((version) => ['adjusted', version]),
    );
    expect(told[0]?.value).toEqual({
      accountId: user,
      change: 500n,
      balance: 500n,
      accountVersion: 1,
      reason: 'request: add',
      actor: 'key:robot',
      requestId: ids[0],
    });
  });

  it('of 64 callers at once on one account are each applied once, and never below 0', async () => {
    const user = '424242';
    await points.fateOf((await ask(user, 'add', 30)).body.data.request_id);
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, index) => ask(user, index % 2 === 0 ? 'add' : 'deduct', index % 2 === 0 ? 1 : 3)),
    );
    const fates = await Promise.all(replies.map(({ body }) => points.fateOf(body.data.request_id)));
    const applied = fates.filter(({ status }) => status === 'APPLIED').length - 32;
    expect(fates.filter((_, index) => index % 2 === 0).every(({ status }) => status === 'APPLIED')).toBe(true);
    expect(fates.every(({ total_point = -1 }) => total_point >= 0)).toBe(true);
    expect(fates.some(({ reason }) => reason === 'insufficient_points')).toBe(true);
    expect(await points.balanceOf(user)).toBe(BigInt((30 + 32 - 3 * applied) * 100));
  });

  it('made twice with one Idempotency-Key are one', async () => {
    const [user, idempotencyKey] = [randomUUID(), randomUUID()];
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        points.machine.post<Accepted>(`/v1/point/${user}/add`, { point: 4 }, { idempotencyKey }),
      ),
    );
    const ids = new Set(replies.map(({ body }) => body.data.request_id));
    expect(ids.size).toBe(1);
    for (const id of ids) await points.fateOf(id);
    expect(await points.balanceOf(user)).toBe(400n);
  });

  it('that were accepted are all decided, each once, when the service ends and another one begins', async () => {
    const users = ['11', '12', '13'];
    const accepted = await Promise.all(
      Array.from({ length: 150 }, (_, index) => ask(users[index % 3] ?? '', 'add', 1)),
    );
    await points.stop();
    await points.start();
    for (const { body } of accepted) expect((await points.fateOf(body.data.request_id)).status).toBe('APPLIED');
    for (const user of users) expect(await points.balanceOf(user)).toBe(5_000n);
  });

  it('stop at the largest balance that a client can still read exactly', async () => {
    const user = randomUUID();
    await points.database.sql`
      WITH e AS (INSERT INTO points_events (account_id, version, kind, change, balance_after, cause, reason, actor, at)
        SELECT ${user}, n, 'adjusted', 1000000000000, n * 1000000000000, ${user} || n, 'test', 'test', now() FROM generate_series(1, 9007) n)
      INSERT INTO points_account VALUES (${user}, 9007000000000000, 0, 0, 9007, 9007, now(), now())`;
    const over = await ask(user, 'add', 1_992_547_409.92);
    expect(await points.fateOf(over.body.data.request_id)).toMatchObject({
      status: 'REJECTED',
      reason: 'balance_limit',
    });
    const full = await ask(user, 'add', 1_992_547_409.91);
    expect(await points.fateOf(full.body.data.request_id)).toMatchObject({
      status: 'APPLIED',
      total_point: 90071992547409.91,
    });
  });
});
