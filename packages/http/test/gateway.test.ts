import { z } from 'zod';
import { nextLink, ok, route, versioned } from '../src/index.js';
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
      answers: { 200: anything },
    },
    async ({ params, ifNoneMatch }) => versioned({ id: params.id }, 3, ifNoneMatch),
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
    { method: 'get', path: '/where', summary: 'x', caller: 'public', answers: { 200: anything } },
    async ({ client }) => ok(client, { location: '/v1/orders/1' }),
  ),
  route({ method: 'get', path: '/away', summary: 'x', caller: 'public', answers: { 200: anything } }, async () =>
    ok({}, { location: 'https://elsewhere.example/' }),
  ),
];

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

describe('behind the gateway', () => {
  const prefixed = {
    headers: { 'x-forwarded-prefix': '/api/orders', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' },
  };

  it('addresses carry its prefix, the client is the one it names, and https is https', async () => {
    const where = await shop.http.get('/where', prefixed);
    expect([where.headers.get('location'), where.body]).toEqual([
      '/api/orders/v1/orders/1',
      { address: '203.0.113.9', secure: true },
    ]);
    expect((await shop.http.get('/v1/orders?limit=5', prefixed)).status).toBe(400);
    expect((await shop.http.get('/v1/orders?cursor=x', prefixed)).headers.get('link')).toBe(
      '</api/orders/v1/orders?cursor=abc>; rel="next"',
    );
    expect((await shop.http.get('/away', prefixed)).headers.get('location')).toBe('https://elsewhere.example/');
    expect((await shop.http.get('/docs', prefixed)).status).toBe(302);
  });

  it.each(['/api/evil', '//evil.example', '/api/orders/../x', 'api/orders', '/api/orders, /x'])(
    'no other prefix is believed: %s',
    async (prefix) => {
      expect(
        (await shop.http.get('/where', { headers: { 'x-forwarded-prefix': prefix } })).headers.get('location'),
      ).toBe('/v1/orders/1');
    },
  );

  it('nothing is believed of somebody who is not the gateway', async () => {
    await using direct = await openShop({ routes, prefixes: ['/api/orders'], trustedProxies: ['10.0.0.1'] });
    const where = await direct.http.get('/where', prefixed);
    expect([where.headers.get('location'), where.body]).toEqual([
      '/v1/orders/1',
      { address: '127.0.0.1', secure: false },
    ]);
  });
});

describe('pages of other origins', () => {
  const from = (origin: string, more: Record<string, string> = {}) => ({ headers: { origin, ...more } });

  it('may call when they are on the list', async () => {
    const { headers } = await shop.http.get('/where', from('http://localhost:3000'));
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(headers.get('access-control-expose-headers')).toBe(
      'ETag, Location, Link, Retry-After, Idempotency-Replayed',
    );
    expect(headers.get('vary')).toBe('Origin');
  });

  it.each([
    'http://evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost',
    'null',
    'https://localhost:3000',
  ])('may not from %s', async (origin) => {
    const { headers } = await shop.http.get('/where', from(origin));
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, 'Origin']);
  });

  it('may ask first', async () => {
    const ask = (origin: string) =>
      fetch(`${shop.url}/v1/orders/7`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'idempotency-key',
        },
      });
    const allowed = await ask('http://localhost:3000');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, PATCH, DELETE');
    for (const name of [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'X-User-ID',
      'X-Staff-API-Key',
      'traceparent',
    ]) {
      expect(allowed.headers.get('access-control-allow-headers')).toContain(name);
    }
    const refused = await ask('http://evil.example');
    expect([
      refused.status,
      refused.headers.get('access-control-allow-origin'),
      refused.headers.get('access-control-allow-methods'),
    ]).toEqual([204, null, null]);
  });
});
