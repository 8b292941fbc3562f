import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createDatabase, eventually, type HttpOptions, type TestDatabase } from '@g-store/testing';
import { newCustomer, newNumber, type Customer } from './customer.js';
import { start, type Program } from './running-programs.js';

/** Both programs on one database, as somebody starts them who has nothing but a PostgreSQL. */
let database: TestDatabase;
let accrual: Program;
let mart: Program;
beforeAll(async () => {
  database = await createDatabase();
  const env = { DATABASE_URI: database.ownerUrl };
  accrual = await start('accrual', { env });
  mart = await start('gophermart', { env: { ...env, ACCRUAL_SYSTEM_ADDRESS: accrual.url } });
  const rule = { match: 'Bork', reward: 5, reward_type: '%' };
  expect((await accrual.http.post('/api/goods', rule)).status).toBe(200);
}, 120_000);
afterAll(async () => {
  await mart?.[Symbol.asyncDispose]();
  await accrual?.[Symbol.asyncDispose]();
  await database?.drop();
});

const within = { within: 20_000 };
const buy = (order: string, price: number) =>
  accrual.http.post('/api/orders', { order, goods: [{ description: 'Kettle Bork', price }] });

/** Somebody who has handed in an order of this price, with its reward. */
async function rewarded(price: number): Promise<Customer> {
  const customer = await newCustomer(mart.url);
  const number = newNumber();
  await buy(number, price);
  await customer.upload(number);
  await eventually(async () => expect((await customer.orders())[0]?.status).toBe('PROCESSED'), within);
  return customer;
}

describe('the journey of a customer', () => {
  it('5 % of 14599.50 are 729.98 points, there as soon as the order reads PROCESSED, and to be paid with', async () => {
    const customer = await newCustomer(mart.url);
    const number = newNumber();
    expect((await buy(number, 14599.5)).status).toBe(202);
    expect((await customer.upload(number)).status).toBe(202);
    const [line, balance] = await eventually(async () => {
      const [first] = await customer.orders();
      expect(first?.status).toBe('PROCESSED');
      return [first, await customer.balance()] as const; // asked once, right after
    }, within);
    expect(line).toEqual({ number, status: 'PROCESSED', accrual: 729.98, uploaded_at: expect.any(String) });
    expect(balance).toEqual({ current: 729.98, withdrawn: 0 });

    const order = newNumber();
    expect((await customer.withdraw(729.99)).status).toBe(402);
    expect((await customer.withdraw(700.5, order)).status).toBe(200);
    expect(await customer.balance()).toEqual({ current: 29.48, withdrawn: 700.5 });
    expect(await customer.withdrawals()).toEqual([{ order, sum: 700.5, processed_at: expect.any(String) }]);
  });
});

describe('POST /api/user/register and /api/user/login', () => {
  const post = (verb: string, body: unknown, options?: HttpOptions) =>
    mart.http.post<{ token: string }>(`/api/user/${verb}`, body, options);
  const somebody = () => ({ login: randomUUID(), password: 'x' });

  it('200: signed in, by header, cookie and body', async () => {
    const who = somebody();
    for (const verb of ['register', 'login']) {
      const { status, headers, body } = await post(verb, who);
      expect([status, headers.get('authorization'), body]).toEqual([
        200,
        `Bearer ${body.token}`,
        { token: body.token },
      ]);
      expect(headers.get('set-cookie')).toBe(
        `jwt=${body.token}; HttpOnly; SameSite=Strict; Path=/api/user; Max-Age=86400`,
      );
      const cookie = { headers: { cookie: `jwt=${body.token}` } };
      expect((await mart.http.get('/api/user/balance', cookie)).status).toBe(200);
    }
  });

  it.each(['{', '{}', '{"login":"x"}', '{"login":"","password":"x"}', '{"login":"x","password":""}', '[]', ''])(
    '400: %j',
    async (body) => {
      const json = { headers: { 'content-type': 'application/json' } };
      expect((await post('register', body, json)).status).toBe(400);
      expect((await post('login', body, json)).status).toBe(400);
    },
  );

  it('409: the login is taken; of two at once one gets it', async () => {
    const who = somebody();
    const replies = await Promise.all([post('register', who), post('register', who)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await post('register', who)).status).toBe(409);
  });

  it('401: a wrong password, or nobody of this login', async () => {
    const who = somebody();
    await post('register', who);
    expect((await post('login', { ...who, password: 'y' })).status).toBe(401);
    expect((await post('login', somebody())).status).toBe(401);
  });
});

describe('POST /api/user/orders', () => {
  it('202 new; 200 mine already; 409 somebody else’s', async () => {
    const [nina, oleg] = [await newCustomer(mart.url), await newCustomer(mart.url)];
    const number = newNumber();
    const replies = [await nina.upload(number), await nina.upload(number), await oleg.upload(number)];
    expect(replies.map(({ status }) => status)).toEqual([202, 200, 409]);
  });

  it('takes JSON, and packed digits', async () => {
    const nina = await newCustomer(mart.url);
    expect((await nina.http.post('/api/user/orders', { orderId: newNumber() })).status).toBe(202);
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    expect(
      (await nina.http.post('/api/user/orders', gzipSync(newNumber()), { token: nina.token, headers })).status,
    ).toBe(202);
  });

  it.each([
    ['12345678900', 422],
    ['letters', 422],
    ['0'.repeat(256), 422],
    ['', 400],
  ])('%j is %i', async (number, status) => {
    expect((await (await newCustomer(mart.url)).upload(number)).status).toBe(status);
  });
});

describe('GET /api/user/orders', () => {
  it('204 while there are none, of the type of JSON; then 200, newest first', async () => {
    const nina = await newCustomer(mart.url);
    const none = await nina.http.get('/api/user/orders');
    expect([none.status, none.text, none.headers.get('content-type')]).toEqual([
      204,
      '',
      expect.stringContaining('application/json'),
    ]);
    const numbers = [newNumber(), newNumber()];
    for (const number of numbers) await nina.upload(number);
    expect(await nina.orders()).toEqual(
      numbers.toReversed().map((number) => ({ number, status: 'NEW', uploaded_at: expect.any(String) })),
    );
  });

  it('is packed for those who take it', async () => {
    const nina = await newCustomer(mart.url);
    for (let at = 0; at < 15; at += 1) await nina.upload(newNumber());
    const headers = { authorization: `Bearer ${nina.token}`, 'accept-encoding': 'gzip' };
    const { encoding, bytes } = await raw(`${mart.url}/api/user/orders`, headers);
    expect([encoding, JSON.parse(gunzipSync(bytes).toString()).length]).toEqual(['gzip', 15]);
  });
});

describe('POST /api/user/balance/withdraw', () => {
  it('200; 402 for more than there is; 422 for a number that is none; 400 for what is no sum', async () => {
    const nina = await rewarded(1_000);
    expect((await nina.withdraw(50.01)).status).toBe(402);
    expect((await nina.withdraw(10, '12345678900')).status).toBe(422);
    for (const sum of [0, -1, 0.001, '1', null]) expect((await nina.withdraw(sum as number)).status).toBe(400);
    expect((await nina.withdraw(50)).status).toBe(200);
    expect(await nina.balance()).toEqual({ current: 0, withdrawn: 50 });
  });

  it('of N sums at once for N − 1 exactly one is refused, and nothing falls below zero', async () => {
    const nina = await rewarded(1_000);
    const replies = await Promise.all(Array.from({ length: 6 }, () => nina.withdraw(10)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 402]);
    expect(await nina.balance()).toEqual({ current: 0, withdrawn: 50 });
  });
});

describe('GET /api/user/withdrawals', () => {
  it('204 while there are none, of the type of JSON; then 200, newest first', async () => {
    const nina = await rewarded(1_000);
    const none = await nina.http.get('/api/user/withdrawals');
    expect([none.status, none.headers.get('content-type')]).toEqual([204, expect.stringContaining('application/json')]);
    for (const sum of [1, 2.5]) await nina.withdraw(sum);
    expect((await nina.withdrawals()).map(({ sum }) => sum)).toEqual([2.5, 1]);
  });
});

describe('whoever is not signed in', () => {
  it.each(['get /orders', 'post /orders', 'get /balance', 'post /balance/withdraw', 'get /withdrawals'])(
    'gets 401 for %s',
    async (line) => {
      const [method = 'get', path = ''] = line.split(' ') as ['get' | 'post', string];
      for (const token of [undefined, 'no.to.ken'])
        expect((await mart.http[method](`/api/user${path}`, ...[{}, token ? { token } : {}])).status).toBe(401);
    },
  );

  it('and a page of a foreign origin that has somebody’s cookie sent gets 403', async () => {
    const { token } = await newCustomer(mart.url);
    const headers = { cookie: `jwt=${token}`, origin: 'http://evil.example', 'content-type': 'text/plain' };
    expect((await mart.http.post('/api/user/orders', newNumber(), { headers })).status).toBe(403);
  });
});

describe('what else there is', () => {
  it('a Swagger page with the routes of this API and no others', async () => {
    for (const path of ['/swagger/index.html', '/docs/'])
      expect((await mart.http.get(path)).text).toContain('swagger-ui');
    const { body } = await mart.http.get<{ paths: object }>('/swagger/doc.json');
    expect(Object.keys(body.paths).sort()).toEqual([
      '/api/user/balance',
      '/api/user/balance/withdraw',
      '/api/user/login',
      '/api/user/orders',
      '/api/user/register',
      '/api/user/withdrawals',
    ]);
    expect((await accrual.http.get('/docs/')).text).toContain('swagger-ui');
  });

  it('nothing of the shop: neither its sign-in nor the dialects of other point systems', async () => {
    for (const path of ['/v1/users', '/v1/point?id=1', '/v1/accounts/mine', '/v1/operations/status'])
      expect((await mart.http.get(path)).status).toBe(404);
    expect((await accrual.http.get('/v1/operations/status')).status).toBe(404);
  });

  it('an accrual system that is open to everybody, as the original is', async () => {
    const number = newNumber();
    expect((await accrual.http.get(`/api/orders/${number}`)).status).toBe(204);
    expect((await buy(number, 100)).status).toBe(202);
    expect((await buy(number, 100)).status).toBe(409);
    await eventually(async () => {
      const { body } = await accrual.http.get(`/api/orders/${number}`);
      expect(body).toEqual({ order: number, status: 'PROCESSED', accrual: 5 });
    }, within);
  });

  it('schemas of their own for both in the one database, and nothing anywhere else', async () => {
    const rows = await database.sql<{ schema: string }>`
      SELECT DISTINCT schemaname AS schema FROM pg_tables WHERE tablename = 'knex_migrations' ORDER BY 1`;
    expect(rows.map(({ schema }) => schema)).toEqual(['accrual', 'identity', 'points', 'public']); // public: the test's
  });
});

/** As it comes over the wire: `fetch` unpacks. */
function raw(url: string, headers: Record<string, string>): Promise<{ encoding: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}
