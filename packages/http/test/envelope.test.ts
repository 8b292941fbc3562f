import { eventually } from '@g-store/testing';
import { z } from 'zod';
import { created, nextLink, ok, route, text, versioned } from '../src/index.js';
import { openShop, type Shop } from './shop.js';

const anything = z.looseObject({});
const routes = [
  route(
    {
      method: 'get',
      path: '/v1/orders/:id',
      summary: 'x',
      caller: 'public',
      params: z.strictObject({ id: z.string() }),
      order: 'id',
      answers: { 200: anything },
    },
    async ({ params, ifNoneMatch }) => versioned({ id: params.id }, 3, ifNoneMatch),
  ),
  route(
    {
      method: 'post',
      path: '/v1/orders',
      summary: 'x',
      caller: 'customer',
      order: 'orderId',
      answers: { 201: anything },
    },
    async () => created({ orderId: 'order-18' }),
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders',
      summary: 'x',
      caller: 'public',
      query: z.object({ cursor: z.string().optional() }),
      answers: { 200: anything },
    },
    async ({ url }) => ok({ orders: [] }, nextLink(url, 'abc')),
  ),
  route(
    { method: 'get', path: '/me', summary: 'x', caller: 'customer', answers: { 200: anything } },
    async ({ client }) => ok(client),
  ),
  route(
    { method: 'get', path: '/where', summary: 'x', caller: 'public', answers: { 200: anything } },
    async ({ client }) => ok(client, { location: '/v1/orders/1' }),
  ),
  route({ method: 'get', path: '/text', summary: 'x', caller: 'public', answers: { 200: z.string() } }, async () =>
    text('No more than 5', { headers: { 'retry-after': '60' } }),
  ),
  route(
    { method: 'get', path: '/follow', summary: 'x', caller: 'public', answers: { 200: anything }, events: anything },
    async ({ gone }) => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      stream: lines(gone()),
    }),
  ),
  route(
    { method: 'get', path: '/undeclared', summary: 'x', caller: 'public', answers: { 200: z.object({ n: z.int() }) } },
    async () => ok({ n: 'seven' }),
  ),
  route(
    {
      method: 'get',
      path: '/envelope',
      summary: 'x',
      caller: 'customer',
      answers: { 200: anything },
      problemAs: ({ status, detail }) => ({ status, body: { status, message: detail, data: null } }),
    },
    async () => ok({}),
  ),
];

const wentAway: string[] = [];
async function* lines(gone: AbortSignal): AsyncGenerator<string> {
  yield 'data: 1\n\n';
  yield 'data: 2\n\n';
  await new Promise<void>((resolve) => gone.addEventListener('abort', () => resolve()));
  wentAway.push('follower');
}

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    routes,
    origins: ['http://localhost:3000'],
    prefixes: ['/api/orders'],
    trustedProxies: ['127.0.0.0/8'],
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('every answer', () => {
  it('forbids what an answer of data never needs, names no software and is not kept by caches', async () => {
    const { headers } = await shop.http.get('/where');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
    expect((await shop.http.get('/nothing')).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has the id of its request: the one that was sent when it is fit to be logged, else a new one', async () => {
    const idFor = async (sent?: string) =>
      (await shop.http.get('/where', sent === undefined ? {} : { headers: { 'x-request-id': sent } })).headers.get(
        'x-request-id',
      );
    expect(await idFor('from-the-gateway-1')).toBe('from-the-gateway-1');
    for (const bad of [undefined, 'short', 'x'.repeat(65), 'with space', 'quote"quote', '${jndi:ldap}x'])
      expect(await idFor(bad)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has the trace of its caller when that is well-formed, else a new one', async () => {
    const traceFor = async (traceparent: string) =>
      (await shop.http.get<{ traceId: string }>('/nothing', { headers: { traceparent } })).body.traceId;
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    expect(await traceFor(`00-${traceId}-b7ad6b7169203331-00`)).toBe(traceId);
    for (const bad of [
      'x',
      `ff-${traceId}-b7ad6b7169203331-01`,
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`,
    ]) {
      expect(await traceFor(bad)).toMatch(/^(?!0af7)[0-9a-f]{32}$/);
    }
  });

  it('may be text, or a body of a dialect, its problems too', async () => {
    const answer = await shop.http.get('/text');
    expect([answer.text, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      'No more than 5',
      'text/plain; charset=utf-8',
      '60',
    ]);
    const dialect = await shop.http.get('/envelope');
    expect([dialect.status, dialect.body]).toEqual([401, { status: 401, message: 'Sign in first', data: null }]);
  });

  it('may go on for as long as somebody listens', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${shop.url}/follow`, { signal: leaving.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    let heard = '';
    while (!heard.includes('data: 2')) heard += Buffer.from((await reader?.read())?.value ?? []).toString();
    leaving.abort();
    await eventually(() => expect(wentAway).toEqual(['follower']));
  });

  it('is a fault in tests when its route has not declared it', async () => {
    const before = shop.lines.length;
    expect((await shop.http.get('/undeclared')).status).toBe(500);
    expect(JSON.stringify(shop.lines.slice(before).map((line) => String(line['err'])))).toContain(
      'another body than declared',
    );
  });
});

describe('a single order', () => {
  it('has an ETag of its version, and is not sent again to somebody who has it', async () => {
    const first = await shop.http.get('/v1/orders/7');
    expect([first.status, first.headers.get('etag'), first.headers.get('cache-control')]).toEqual([
      200,
      '"3"',
      'private, no-cache',
    ]);
    const again = await shop.http.get('/v1/orders/7', { headers: { 'if-none-match': '"3"' } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', '"3"']);
    expect((await shop.http.get('/v1/orders/7', { headers: { 'if-none-match': '"2"' } })).status).toBe(200);
  });
});

describe('whoever runs the shop', () => {
  it('finds the requests about an order by its id: those that name it, and the one that made it', async () => {
    const token = shop.tokens.issue({ sub: 'anna' });
    await shop.http.get('/v1/orders/order-18', { token });
    await shop.http.post('/v1/orders', undefined, { token });
    await eventually(() =>
      expect(shop.lines.filter(({ orderId }) => orderId === 'order-18')).toMatchObject([
        { method: 'GET', status: 200 },
        { method: 'POST', status: 201 },
      ]),
    );
  });

  it('sees that it lives, and whether it is ready, part by part', async () => {
    expect((await shop.http.get('/livez')).status).toBe(200);
    expect(await (await fetch(`${shop.url}/readyz`)).json()).toEqual({
      ready: true,
      parts: { 'signing keys': { ok: true } },
    });
    shop.health.report('kafka', { ok: false, detail: 'no broker' });
    const red = await shop.http.get<{ parts: object }>('/readyz');
    expect([red.status, red.headers.get('retry-after'), red.body.parts]).toEqual([
      503,
      '1',
      { 'signing keys': { ok: true }, kafka: { ok: false, detail: 'no broker' } },
    ]);
    expect((await shop.http.get('/livez')).status).toBe(200);
    // Requests can be taken while Kafka is away: a balancer that asks about them alone goes on sending them.
    expect((await shop.http.get('/readyz?exclude=kafka')).status).toBe(200);
    expect((await shop.http.get('/readyz?exclude=feed&exclude=kafka')).status).toBe(200);
    expect((await shop.http.get('/readyz?exclude=feed')).status).toBe(503);
    shop.health.report('kafka', { ok: true });
  });

  it('is asked for more parts than report by themselves', async () => {
    await using other = await openShop({ routes, readyz: () => ({ feed: { ok: false } }) });
    expect((await other.http.get('/readyz')).status).toBe(503);
  });

  it('sees rate, errors and duration by route, never by what was asked for', async () => {
    await shop.http.get('/v1/orders/canary-77');
    await shop.http.get('/canary-78');
    await shop.http.post('/v1/orders/canary-79');
    const metrics = (await shop.http.get('/metrics')).text;
    expect(metrics).toMatch(/http_requests_total\{[^}]*route="\/v1\/orders\/:id"[^}]*status="200"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/http_requests_total\{[^}]*route="unknown"[^}]*status="404"/);
    expect(metrics).toMatch(/http_requests_total\{[^}]*method="POST"[^}]*route="\/v1\/orders\/:id"[^}]*status="405"/);
    expect(metrics).toContain('http_request_duration_seconds_bucket');
    expect(metrics).not.toContain('canary');
  });

  it('sees one line for each request, with who it was and no secrets', async () => {
    const before = shop.lines.length;
    const token = shop.tokens.issue({ sub: 'anna' });
    await shop.http.get('/me', { token, headers: { cookie: 'jwt=secret-cookie' } });
    await shop.http.get('/me', { staffKey: 'secret-key' });
    const lines = await eventually(() => {
      const found = shop.lines.slice(before).filter(({ message }) => message === 'request');
      expect(found).toHaveLength(2);
      return found;
    });
    expect(lines[0]).toMatchObject({
      method: 'GET',
      route: '/me',
      status: 200,
      caller: 'anna',
      requestId: expect.any(String),
      traceId: expect.any(String),
      ms: expect.any(Number),
    });
    expect(lines[1]).toMatchObject({ status: 401 });
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`secret|${token.split('.')[2]}`));
  });
});
