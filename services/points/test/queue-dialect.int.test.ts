import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import type { HttpReply } from '@g-store/testing';
import { startPointsForTest } from './running-points.js';
import type { RunningPoints } from './running-points.js';

let points: RunningPoints;
beforeAll(async () => (points = await startPointsForTest()));
afterAll(() => points?.[Symbol.asyncDispose]());
afterEach(async () => expect(await points.violations()).toEqual([]));

type Envelope = { status: number; message: string; data: unknown };
const json = 'application/json; charset=utf-8';

/** Status, content type and the whole body. */
const seen = ({ status, headers, body }: HttpReply<unknown>) => [status, headers.get('content-type'), body];
const said = (status: number, message: string, data: unknown = null) => [status, json, { status, message, data }];

let lastId = 1000;
const nextId = () => (lastId += 1);
const requestIn = ({ headers }: HttpReply<unknown>) => headers.get('location')?.split('/').at(-1) ?? '';

describe('the queue dialect', () => {
  it('answers at its root and to a ping, to anybody', async () => {
    expect(seen(await points.anonymous.get('/'))).toEqual(said(200, 'root'));
    expect(seen(await points.anonymous.get('/ping'))).toEqual(said(200, 'pong'));
    expect(seen(await points.machine.get('/ping'))).toEqual(said(200, 'pong'));
  });

  it('tells the points of a user, rounded down', async () => {
    const id = nextId();
    for (const point of [500, 0.99]) {
      const added = await points.machine.post('/v1/point/add', { user_id: id, point });
      expect((await points.fateOf(requestIn(added))).status).toBe('APPLIED');
    }
    const reply = await points.machine.get<Envelope>(`/v1/point?id=${id}`);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(seen(reply)).toEqual(said(200, 'OK', { UserID: id, Point: 500, CreatedAt: time, UpdatedAt: time }));
  });

  it('does not know a user that nobody has given points', async () => {
    expect(seen(await points.machine.get('/v1/point?id=999999999'))).toEqual(said(404, 'Not Found:data not found'));
  });

  it.each([
    ['without an id', '/v1/point', 'required user id'],
    ['of nobody', '/v1/point?id=0', 'required user id'],
    ['of an empty id', '/v1/point?id=', 'id must be a whole number'],
    ['of a word', '/v1/point?id=abc', 'id must be a whole number'],
    ['of a negative id', '/v1/point?id=-1', 'id must be a whole number'],
    ['of an id too large for a number', '/v1/point?id=9007199254740993', 'id must be a whole number'],
    ['with what it does not know', '/v1/point?id=1&x=1', 'x is not known'],
  ])('refuses to tell the points %s', async (_, path, detail) => {
    expect(seen(await points.machine.get(path))).toEqual(said(400, `Bad Request:${detail}`));
  });

  it.each([
    ['add', 1000],
    ['subtract', 300],
  ])('accepts to %s, and says where to ask for its fate', async (verb, point) => {
    const id = nextId();
    await points.machine.post('/v1/point/add', { user_id: id, point: 500 });
    const reply = await points.machine.post<Envelope>(`/v1/point/${verb}`, { user_id: id, point });
    expect(seen(reply)).toEqual(said(202, 'Accepted'));
    expect(reply.headers.get('location')).toMatch(/^\/v1\/point\/requests\/[0-9a-f-]{36}$/);
    expect(await points.fateOf(requestIn(reply))).toMatchObject({
      status: 'APPLIED',
      total_point: verb === 'add' ? 1500 : 200,
    });
  });

  it.each([
    ['no user', { point: 1 }, 'required user id'],
    ['the user 0', { user_id: 0, point: 1 }, 'required user id'],
    ['a negative user', { user_id: -3, point: 1 }, 'required user id'],
    ['a user in words', { user_id: '1', point: 1 }, 'user_id must be a whole number'],
    ['half a user', { user_id: 1.5, point: 1 }, 'user_id must be a whole number'],
    ['no point', { user_id: 1 }, 'point must be positive and not zero'],
    ['zero points', { user_id: 1, point: 0 }, 'point must be positive and not zero'],
    ['negative points', { user_id: 1, point: -5 }, 'point must be positive and not zero'],
    ['points in words', { user_id: 1, point: '5' }, 'point must be a number'],
    ['a third decimal', { user_id: 1, point: 0.001 }, 'point must be a number with at most 2 decimal places'],
    ['more than anybody has', { user_id: 1, point: 1e13 }, 'point must not be so large'],
    ['neither', {}, 'required user id'],
    ['what it does not know', { user_id: 1, point: 1, x: 1 }, 'x is not known'],
  ])('refuses a change with %s', async (_, body, detail) => {
    for (const verb of ['add', 'subtract'])
      expect(seen(await points.machine.post(`/v1/point/${verb}`, body))).toEqual(said(400, `Bad Request:${detail}`));
  });

  it.each([
    ['{"user_id":1,"point":', 400],
    ['{"user_id":1,"point":NaN}', 400],
    ['{"user_id":1,"point":1,"point":2}', 400],
    ['{"user_id":1,"point":1e400}', 400],
    [`{"user_id":1,"point":1${' '.repeat(70_000)}}`, 413],
  ])('refuses what is no body for it: %p', async (body, status) => {
    const reply = await points.machine.post<Envelope>('/v1/point/add', body, {
      headers: { 'content-type': 'application/json' },
    });
    expect([reply.status, reply.headers.get('content-type'), reply.body.data]).toEqual([status, json, null]);
    expect(reply.body.message).toMatch(status === 400 ? /^Bad Request:/ : /^Payload Too Large:/);
  });

  it('refuses forms, and the body of another request under the same Idempotency-Key', async () => {
    const form = await points.machine.post<Envelope>('/v1/point/add', 'user_id=1', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([form.status, form.body.message.split(':')[0]]).toEqual([415, 'Unsupported Media Type']);
    const [idempotencyKey, user_id] = [randomUUID(), nextId()];
    await points.machine.post('/v1/point/add', { user_id, point: 1 }, { idempotencyKey });
    const other = await points.machine.post<Envelope>('/v1/point/add', { user_id, point: 2 }, { idempotencyKey });
    expect([other.status, other.body.message.split(':')[0]]).toEqual([422, 'Unprocessable Entity']);
  });

  it('takes exponents and places that are exact', async () => {
    const user_id = nextId();
    const reply = await points.machine.post('/v1/point/add', `{"user_id":${user_id},"point":1.25e1}`, {
      headers: { 'content-type': 'application/json' },
    });
    expect(await points.fateOf(requestIn(reply))).toMatchObject({ status: 'APPLIED', total_point: 12.5 });
  });

  it('lets nobody in but staff and machines of its scope, in its own words', async () => {
    const { http } = points.person();
    for (const ask of [
      (of: typeof http) => of.get<Envelope>('/v1/point?id=1'),
      (of: typeof http) => of.post<Envelope>('/v1/point/add', { user_id: 1, point: 1 }),
      (of: typeof http) => of.post<Envelope>('/v1/point/subtract', { user_id: 1, point: 1 }),
    ]) {
      const nobody = await ask(points.anonymous);
      expect(seen(nobody)).toEqual(said(401, 'Unauthorized:Sign in first'));
      expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
      for (const other of [http, points.stranger])
        expect(seen(await ask(other))).toEqual(said(403, 'Forbidden:Not yours to do'));
    }
    const accepted = await points.staff.post('/v1/point/add', { user_id: nextId(), point: 1 });
    expect(accepted.status).toBe(202);
    await points.fateOf(requestIn(accepted));
  });

  it('answers for paths and methods that there are not, too', async () => {
    for (const path of ['/nothing', '/v1/nothing', '/v1/point/1'])
      expect(seen(await points.anonymous.get(path))).toEqual(said(404, 'Not Found:page not found'));
    expect(seen(await points.machine.post('/ping'))).toEqual(said(405, 'Method Not Allowed:GET, HEAD, OPTIONS only'));
  });

  it('shows the same in the tables of the older system', async () => {
    const user_id = nextId();
    for (const [verb, point] of [
      ['add', 10.5],
      ['subtract', 0.25],
    ] as const)
      await points.fateOf(requestIn(await points.machine.post(`/v1/point/${verb}`, { user_id, point })));
    const id = String(user_id);
    const [row] = await points.database.sql`SELECT user_id, point::text FROM user_point WHERE user_id = ${id}`;
    expect(row).toEqual({ user_id: id, point: '10' });
    const log = await points.database
      .sql`SELECT number, action, amount::text, point_after::text FROM log WHERE user_id = ${id} ORDER BY number`;
    expect(log).toEqual([
      { number: 1, action: 'add', amount: '10.50', point_after: '10.50' },
      { number: 2, action: 'subtract', amount: '0.25', point_after: '10.25' },
    ]);
    await eventually(async () => expect(await points.balanceOf(id)).toBe(1025n));
  });
});
