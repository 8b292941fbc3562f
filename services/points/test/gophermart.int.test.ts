import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { client, eventually } from '@g-store/testing';
import type { HttpClient, HttpReply } from '@g-store/testing';
import { withLuhnDigit } from '@g-store/values';
import { answering, processed, startAccrualStandIn, unknown } from './accrual-stand-in.js';
import type { AccrualStandIn } from './accrual-stand-in.js';
import { startPointsForTest } from './running-points.js';
import type { RunningPoints } from './running-points.js';

let accrual: AccrualStandIn;
let points: RunningPoints;
beforeAll(async () => {
  accrual = await startAccrualStandIn();
  points = await startPointsForTest({ accrualAddress: accrual.url });
});
afterAll(async () => {
  await points?.[Symbol.asyncDispose]();
  await accrual?.[Symbol.asyncDispose]();
});
afterEach(async () => expect(await points.violations()).toEqual([]));

const DAY_S = 86_400;
const text = { headers: { 'content-type': 'text/plain' } };
const newNumber = (): string => withLuhnDigit(String(BigInt(`0x${randomUUID().slice(0, 8)}`) + 10_000_000_000n));
const statuses = (replies: readonly HttpReply<unknown>[]): number[] => replies.map(({ status }) => status).sort();

interface Line {
  readonly number: string;
  readonly status: string;
  readonly accrual?: number;
  readonly uploaded_at: string;
}

/** Somebody signed in to Gophermart, with a token of a day. */
function user(userId: string = randomUUID()) {
  const now = Math.floor(Date.now() / 1000);
  const token = points.tokens.issue({ sub: userId, aud: 'gophermart', exp: now + DAY_S });
  const http = withHeaders({ authorization: `Bearer ${token}` });
  const upload = (number: string) => http.post('/api/user/orders', number, text);
  const uploads = async () => (await http.get<Line[] | undefined>('/api/user/orders')).body ?? [];
  const statusOf = async (number: string) => (await uploads()).find((line) => line.number === number)?.status;
  const balance = async () => (await http.get('/api/user/balance')).text;
  const withdraw = (sum: unknown, order: string = newNumber()) =>
    http.post('/api/user/balance/withdraw', { order, sum });
  const gift = (amount: number) => points.staff.post(`/v1/accounts/${userId}/adjustments`, { amount, reason: 'gift' });
  return { userId, token, http, upload, uploads, statusOf, balance, withdraw, gift };
}

const withHeaders = (always: Record<string, string>): HttpClient => {
  const plain = points.anonymous;
  const merged = (options: { headers?: Readonly<Record<string, string>> } = {}) => ({
    ...options,
    headers: { ...always, ...options.headers },
  });
  return {
    get: (path, options) => plain.get(path, merged(options)),
    post: (path, body, options) =>
      plain.post(path, body, merged({ headers: { 'content-type': 'application/json', ...options?.headers } })),
    put: plain.put,
    patch: plain.patch,
    delete: plain.delete,
  };
};

describe('uploading an order number', () => {
  it('is accepted the first time and known the second, and shown as NEW while nobody knows it', async () => {
    const { upload, uploads } = user();
    const number = newNumber();
    const replies = [await upload(number), await upload(`${number}\n`)];
    expect(replies.map(({ status, text: said }) => [status, said])).toEqual([
      [202, ''],
      [200, ''],
    ]);
    expect(await uploads()).toEqual([
      { number, status: 'NEW', uploaded_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
    ]);
  });

  it('as JSON, or packed, is the same', async () => {
    const { http, uploads } = user();
    const [one, two, three] = [newNumber(), newNumber(), newNumber()];
    expect((await http.post('/api/user/orders', { orderId: one })).status).toBe(202);
    const packed = { headers: { 'content-type': 'text/plain; charset=utf-8', 'content-encoding': 'gzip' } };
    expect((await http.post('/api/user/orders', gzipSync(two), packed)).status).toBe(202);
    expect((await http.post('/api/user/orders', { orderId: Number(three) })).status).toBe(202);
    expect((await uploads()).map(({ number }) => number)).toEqual([three, two, one]);
  });

  it.each([
    ['a wrong check digit', '12345678900'],
    ['letters', 'abc'],
    ['a sign', '-18'],
    ['256 digits', '0'.repeat(256)],
    ['10,000 digits', '9'.repeat(10_000)],
  ])('of %s is 422, fast', async (_what, number) => {
    const { upload } = user();
    const began = performance.now();
    const { status, body } = await upload(number);
    expect([status, body]).toEqual([422, expect.objectContaining({ code: 'validation_failed' })]);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('of nothing at all, or of something else, is 400', async () => {
    const { http, upload } = user();
    expect((await upload('')).status).toBe(400);
    expect((await upload('  \n')).status).toBe(400);
    for (const body of [{}, { orderId: '' }, { orderId: null }, { orderId: newNumber(), more: 1 }, []])
      expect((await http.post('/api/user/orders', body)).status).toBe(400);
    expect((await http.post('/api/user/orders', '{"orderId":', {})).status).toBe(400);
  });

  it('in a body that unpacks to more than it should, or does not unpack, is refused', async () => {
    const { http } = user();
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    expect((await http.post('/api/user/orders', gzipSync(Buffer.alloc(50_000_000, 49)), { headers })).status).toBe(413);
    expect((await http.post('/api/user/orders', Buffer.from('no gzip'), { headers })).status).toBe(400);
  });

  it('by two people at once is one person’s, and stays so', async () => {
    for (let round = 0; round < 10; round += 1) {
      const number = newNumber();
      const [one, two] = [user(), user()];
      expect(statuses(await Promise.all([one.upload(number), two.upload(number)]))).toEqual([202, 409]);
      expect(statuses([await one.upload(number), await two.upload(number)])).toEqual([200, 409]);
    }
  });

  it('twice at once by one person is one upload', async () => {
    const { upload, uploads } = user();
    const number = newNumber();
    const replies = await Promise.all(Array.from({ length: 10 }, () => upload(number)));
    expect(statuses(replies)).toEqual([...Array(9).fill(200), 202]);
    expect(await uploads()).toHaveLength(1);
  });
});

describe('an uploaded order', () => {
  it('is credited within a second or two, and the balance is there as soon as it reads PROCESSED', async () => {
    const { upload, uploads, balance } = user();
    const number = newNumber();
    accrual.behave(number, processed(729.98));
    await upload(number);
    await eventually(async () => expect((await uploads())[0]?.status).toBe('PROCESSED'), { within: 2_000 });
    expect(await balance()).toBe('{"current":729.98,"withdrawn":0}');
    expect((await uploads())[0]).toMatchObject({ number, accrual: 729.98 });
  });

  it('never reads PROCESSED before its points are there', async () => {
    const { upload, uploads, http } = user();
    const many = Array.from({ length: 30 }, newNumber);
    for (const number of many) accrual.behave(number, processed(1));
    await Promise.all(many.map(upload));
    await eventually(
      async () => {
        const done = (await uploads()).filter(({ status }) => status === 'PROCESSED').length;
        const { current } = (await http.get<{ current: number }>('/api/user/balance')).body;
        expect(current).toBeGreaterThanOrEqual(done);
        return done === many.length;
      },
      { within: 5_000, every: 1 },
    );
  });

  it('goes through PROCESSING, and ends INVALID when it earns nothing', async () => {
    const { upload, statusOf, balance } = user();
    const number = newNumber();
    accrual.behave(number, answering({ order: number, status: 'REGISTERED' }));
    await upload(number);
    await eventually(async () => expect(await statusOf(number)).toBe('PROCESSING'));
    accrual.behave(number, answering({ order: number, status: 'INVALID' }));
    await eventually(async () => expect(await statusOf(number)).toBe('INVALID'));
    expect(await balance()).toBe('{"current":0,"withdrawn":0}');
  });

  it.each([
    ['fails', answering({}, 500)],
    ['hangs up', (_: unknown, response: { destroy(): unknown }) => void response.destroy()],
    ['pays in words', processed('5')],
    ['pays less than nothing', processed(-5)],
    ['is not understood', answering('<html>')],
    ['sends us elsewhere', answering('', 302, { location: '/elsewhere' })],
  ] as const)('is decided only when the system no longer %s', async (_what, behaviour) => {
    const { upload, statusOf, balance } = user();
    const number = newNumber();
    accrual.behave(number, behaviour);
    await upload(number);
    await eventually(() => expect(accrual.asked).toContain(number));
    expect(await statusOf(number)).toBe('NEW');
    accrual.behave(number, processed(5));
    await eventually(async () => expect(await statusOf(number)).toBe('PROCESSED'));
    expect(await balance()).toBe('{"current":5,"withdrawn":0}');
  });

  it('that was accepted before the service ended is credited by the next one, once', async () => {
    const number = newNumber();
    const before = user();
    await before.upload(number);
    await eventually(() => expect(accrual.asked).toContain(number));
    await points.stop();
    accrual.behave(number, processed(7));
    await points.start();
    const after = user(before.userId);
    await eventually(async () => expect(await after.statusOf(number)).toBe('PROCESSED'));
    expect(await after.balance()).toBe('{"current":7,"withdrawn":0}');
  });

  it('is asked about with the key of points, and no more once it is decided', async () => {
    const { upload, statusOf } = user();
    const number = newNumber();
    accrual.behave(number, processed(1));
    await upload(number);
    await eventually(async () => expect(await statusOf(number)).toBe('PROCESSED'));
    const rows = () => points.database.sql`SELECT FROM upload_schedule WHERE number = ${number}`;
    await eventually(async () => (await rows()).length === 0);
    expect([accrual.asked.filter((asked) => asked === number).length, [...accrual.keys]]).toEqual([
      1,
      ['the key of points'],
    ]);
  });

  it('cannot be decided twice, nor shown as paid without its points: the database itself refuses', async () => {
    const { upload, statusOf } = user();
    const [number, other] = [newNumber(), newNumber()];
    accrual.behave(number, processed(1));
    await Promise.all([upload(number), upload(other)]);
    await eventually(async () => expect(await statusOf(number)).toBe('PROCESSED'));
    const update = (sql: string, values: string[]) => points.database.pool.query(`UPDATE upload SET ${sql}`, values);
    await expect(update(`owner = 'somebody' WHERE number = $1`, [number])).rejects.toMatchObject({
      constraint: 'decided_once',
    });
    await expect(
      update(`status = 'PROCESSED', accrual = 5, decided_at = now() WHERE number = $1`, [other]),
    ).rejects.toMatchObject({ constraint: 'accrual_is_on_an_account' });
  });
});

describe('a number of our own shop', () => {
  const shopOrder = async (owner: string) => {
    const { order } = await points.customer(0);
    const story = { ...order(0n), number: newNumber(), owner };
    return story;
  };

  it('shows its accrual to its owner, and is 409 for anybody else', async () => {
    const [owner, other] = [user(), user()];
    const story = await shopOrder(owner.userId);
    await points.orders.created(story);
    await eventually(async () => expect((await other.upload(story.number)).status).toBe(409));
    expect((await owner.upload(story.number)).status).toBe(202);
    await points.rewarded(story, 500n);
    await eventually(async () => expect((await owner.uploads())[0]).toMatchObject({ status: 'PROCESSED', accrual: 5 }));
    expect(await owner.balance()).toBe('{"current":5,"withdrawn":0}');
  });

  it('is credited once, whether its reward is told or asked for', async () => {
    const owner = user();
    const story = await shopOrder(owner.userId);
    await points.orders.created(story);
    accrual.behave(story.number, processed(5));
    await owner.upload(story.number);
    await points.rewarded(story, 500n);
    await eventually(async () => expect(await owner.statusOf(story.number)).toBe('PROCESSED'));
    await points.toldOf(owner.userId, 1);
    expect(await owner.balance()).toBe('{"current":5,"withdrawn":0}');
    const late = user();
    expect((await late.upload(story.number)).status).toBe(409);
  });

  it('that was rewarded before its owner uploads it shows the reward at once', async () => {
    const owner = user();
    const story = await shopOrder(owner.userId);
    await points.orders.created(story);
    await points.rewarded(story, 500n);
    await points.toldOf(owner.userId, 1);
    expect((await owner.upload(story.number)).status).toBe(202);
    expect((await owner.uploads())[0]).toMatchObject({ status: 'PROCESSED', accrual: 5 });
    expect(await owner.balance()).toBe('{"current":5,"withdrawn":0}');
  });

  it('uploaded by somebody else before the order was heard of is handed to its owner, without credit', async () => {
    const [owner, other] = [user(), user()];
    const story = await shopOrder(owner.userId);
    expect((await other.upload(story.number)).status).toBe(202);
    await points.orders.created(story);
    await eventually(async () => expect(await other.uploads()).toEqual([]));
    expect((await other.upload(story.number)).status).toBe(409);
    expect((await owner.upload(story.number)).status).toBe(200);
    await points.rewarded(story, 500n);
    await eventually(async () => expect(await owner.statusOf(story.number)).toBe('PROCESSED'));
    expect([await owner.balance(), await other.balance()]).toEqual([
      '{"current":5,"withdrawn":0}',
      '{"current":0,"withdrawn":0}',
    ]);
  });

  it('never pays somebody else, even when the accrual system hears of the order first', async () => {
    const [owner, other] = [user(), user()];
    const number = newNumber();
    const body = { order: number, status: 'PROCESSED', accrual: 5 };
    accrual.behave(number, answering(body, 200, { 'g-store-owner': owner.userId }));
    await other.upload(number);
    await eventually(async () => expect(await owner.statusOf(number)).toBe('PROCESSED'));
    expect([await owner.balance(), await other.balance()]).toEqual([
      '{"current":5,"withdrawn":0}',
      '{"current":0,"withdrawn":0}',
    ]);
  });
});

describe('withdrawing', () => {
  it('takes exactly the sum, down to 0, and lists it newest first', async () => {
    const { gift, withdraw, balance, http } = user();
    await gift(500_50);
    const [first, second] = [newNumber(), newNumber()];
    expect((await withdraw(42, first)).status).toBe(200);
    expect(await balance()).toBe('{"current":458.5,"withdrawn":42}');
    expect((await withdraw(458.5, second)).status).toBe(200);
    expect(await balance()).toBe('{"current":0,"withdrawn":500.5}');
    const { body } = await http.get('/api/user/withdrawals');
    expect(body).toEqual([
      { order: second, sum: 458.5, processed_at: expect.stringMatching(/Z$/) },
      { order: first, sum: 42, processed_at: expect.stringMatching(/Z$/) },
    ]);
  });

  it('more than there is is 402, also of nothing', async () => {
    const { gift, withdraw, balance } = user();
    expect((await withdraw(0.01)).status).toBe(402);
    await gift(100);
    const { status, body } = await withdraw(1.01);
    expect([status, body]).toEqual([402, expect.objectContaining({ code: 'insufficient_points', status: 402 })]);
    expect(await balance()).toBe('{"current":1,"withdrawn":0}');
  });

  it('for N times a sum that is there N−1 times succeeds N−1 times', async () => {
    const { gift, withdraw, balance } = user();
    await gift(9 * 7_51);
    const replies = await Promise.all(Array.from({ length: 10 }, () => withdraw(7.51)));
    expect(statuses(replies)).toEqual([...Array(9).fill(200), 402]);
    expect(await balance()).toBe('{"current":0,"withdrawn":67.59}');
  });

  it('once more with the same Idempotency-Key takes nothing again, and a refusal is kept too', async () => {
    const { gift, http, balance } = user();
    await gift(10_00);
    const body = { order: newNumber(), sum: 7 };
    const once = { idempotencyKey: randomUUID(), headers: { 'idempotency-key': randomUUID() } };
    const replies = [
      await http.post('/api/user/balance/withdraw', body, once),
      await http.post('/api/user/balance/withdraw', body, once),
    ];
    expect(statuses(replies)).toEqual([200, 200]);
    expect(await balance()).toBe('{"current":3,"withdrawn":7}');
  });

  it.each([
    ['a wrong check digit', '12345678900'],
    ['nothing', ''],
    ['letters', 'abc'],
    ['256 digits', '0'.repeat(256)],
  ])('for an order of %s is 422', async (_what, order) => {
    const { gift, withdraw } = user();
    await gift(10_00);
    expect((await withdraw(1, order)).status).toBe(422);
  });

  it.each(['1.005', '0', '-1', '"1"', 'null', '1e-3', '1e99', '0.0000000000000000000000001', 'NaN', '[1]'])(
    'of %s is 400',
    async (sum) => {
      const { gift, http, balance } = user();
      await gift(10_00);
      const { status } = await http.post('/api/user/balance/withdraw', `{"order":"${newNumber()}","sum":${sum}}`);
      expect(status).toBe(400);
      expect(await balance()).toBe('{"current":10,"withdrawn":0}');
    },
  );
});

describe('what is answered', () => {
  it('for empty lists is 204, with a type all the same', async () => {
    const { http } = user();
    for (const path of ['/api/user/orders', '/api/user/withdrawals']) {
      const { status, headers, text: said } = await http.get(path);
      expect([status, headers.get('content-type'), said]).toEqual([204, 'application/json; charset=utf-8', '']);
    }
  });

  it('is packed for whoever takes that, and plain for whoever does not', async () => {
    const { upload, token } = user();
    for (let i = 0; i < 20; i += 1) await upload(newNumber());
    const get = (encoding: string): Promise<{ encoding: string | undefined; raw: Buffer }> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}`, 'accept-encoding': encoding };
        request(new URL('/api/user/orders', points.url), { headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ encoding: response.headers['content-encoding'], raw: Buffer.concat(chunks) }),
          );
        })
          .on('error', reject)
          .end();
      });
    const [packed, plain, refused] = [await get('gzip'), await get('identity'), await get('br, gzip;q=0')];
    expect([packed.encoding, plain.encoding, refused.encoding]).toEqual(['gzip', undefined, undefined]);
    expect(JSON.parse(gunzipSync(packed.raw).toString())).toEqual(JSON.parse(plain.raw.toString()));
    expect(packed.raw.length).toBeLessThan(plain.raw.length);
  });
});

describe('signing in', () => {
  const routes: readonly [method: 'get' | 'post', path: string, body?: string][] = [
    ['post', '/api/user/orders', '18'],
    ['get', '/api/user/orders'],
    ['get', '/api/user/balance'],
    ['post', '/api/user/balance/withdraw', '{"order":"18","sum":1}'],
    ['get', '/api/user/withdrawals'],
  ];
  const all = (http: HttpClient, headers: Record<string, string> = {}) =>
    Promise.all(
      routes.map(async ([method, path, body]) => {
        const type = { 'content-type': path.endsWith('orders') ? 'text/plain' : 'application/json' };
        const options = { headers: { ...type, ...headers } };
        return (await (method === 'get' ? http.get(path, { headers }) : http.post(path, body, options))).status;
      }),
    );

  it('is needed for everything', async () => {
    expect(await all(points.anonymous)).toEqual(Array(5).fill(401));
    expect(await all(points.machine)).toEqual(Array(5).fill(403));
    expect(await all(points.anonymous, { authorization: 'Bearer none' })).toEqual(Array(5).fill(401));
  });

  it('holds for a day and no longer, and for no other audience', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const claims of [
      { aud: 'gophermart', exp: now + DAY_S + 60 },
      { aud: 'gophermart', iat: now - DAY_S, exp: now - 1 },
      { aud: 'another shop' },
    ])
      expect(await all(client(points.url, { token: points.tokens.issue(claims) }))).toEqual(Array(5).fill(401));
  });

  it('ends for good when its session was ended, though that was hours ago and the token is still good', async () => {
    const [userId, sessionId] = [randomUUID(), randomUUID()];
    const now = Math.floor(Date.now() / 1000);
    const token = points.tokens.issue({
      sub: userId,
      sid: sessionId,
      aud: 'gophermart',
      iat: now - DAY_S / 2,
      exp: now + DAY_S / 2,
    });
    const status = async () => (await client(points.url, { token }).get('/api/user/balance')).status;
    expect(await status()).toBe(200);
    await points.signedOut({ userId, sessionId }, new Date(Date.now() - 3_600_000));
    await eventually(async () => expect(await status()).toBe(401));
  });

  it('with a token of Gophermart opens nothing else, and one of the shop opens this too', async () => {
    const { token, userId } = user();
    expect((await client(points.url, { token }).get('/v1/accounts/mine')).status).toBe(401);
    const shop = client(points.url, { token: points.tokens.issue({ sub: userId }) });
    expect((await shop.get('/api/user/balance')).status).toBe(200);
  });

  it('works by cookie, but not for a page of a foreign origin', async () => {
    const { token } = user();
    const cookie = { cookie: `jwt=${token}` };
    expect((await points.anonymous.get('/api/user/balance', { headers: cookie })).status).toBe(200);
    const post = (headers: Record<string, string>) =>
      points.anonymous.post('/api/user/orders', newNumber(), { headers: { ...text.headers, ...cookie, ...headers } });
    expect((await post({})).status).toBe(202);
    expect((await post({ origin: 'http://localhost:8000' })).status).toBe(202);
    expect((await post({ origin: 'http://evil.example' })).status).toBe(403);
  });
});

describe('an accrual system that was asked too often', () => {
  it('is asked about no order until it allows it again, and then about every one', async () => {
    const { upload, uploads } = user();
    accrual.always = answering('No more than 6000 requests per minute allowed', 429, { 'retry-after': '2' });
    await upload(newNumber());
    await eventually(async () => (await points.database.sql`SELECT FROM accrual_pause WHERE until > now()`).length > 0);
    accrual.always = processed(1);
    const asked = accrual.asked.length;
    const many = Array.from({ length: 20 }, newNumber);
    await Promise.all(many.map(upload));
    const until = (await points.database.sql<{ until: Date }>`SELECT until FROM accrual_pause`)[0]?.until;
    const allowed = () => Date.now() >= (until?.getTime() ?? 0);
    await eventually(
      async () => {
        if (!allowed()) expect(accrual.asked.length).toBe(asked);
        return (await uploads()).every(({ status }) => status === 'PROCESSED');
      },
      { within: 10_000 },
    );
    expect(allowed()).toBe(true);
    accrual.always = unknown;
  });
});
