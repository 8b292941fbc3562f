import { z } from 'zod';
import { noContent, none, ok, Problem, route } from '../src/index.js';
import { openShop, type Shop } from './shop.js';

const routes = [
  route(
    { method: 'post', path: '/v1/orders', summary: 'Place', caller: 'customer', answers: { 204: none } },
    async () => noContent(),
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders/:id',
      summary: 'One',
      caller: 'customer',
      params: z.strictObject({ id: z.uuid() }),
      query: z.object({ full: z.string().optional() }),
      answers: { 200: z.object({ id: z.string() }) },
    },
    async ({ params }) => ok({ id: params.id }),
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders/mine',
      summary: 'Mine',
      caller: 'customer',
      answers: { 200: z.object({ mine: z.boolean() }) },
    },
    async () => ok({ mine: true }),
  ),
  route(
    { method: 'get', path: '/boom', summary: 'A fault', caller: 'public', answers: { 200: z.string() } },
    async () => {
      throw new Error('SELECT secret FROM password at row 7');
    },
  ),
  route(
    { method: 'get', path: '/gone', summary: 'A refusal', caller: 'public', answers: { 200: z.string() } },
    async () => {
      throw new Problem('not_found', 'order not found');
    },
  ),
];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ routes });
});
afterAll(() => shop[Symbol.asyncDispose]());

const errorsOf = (body: Record<string, unknown>) => body['errors'] as { pointer: string; detail: string }[];

describe('addresses', () => {
  const get = (path: string) => shop.http.get<Record<string, unknown>>(path, { token: shop.tokens.issue() });
  const id = '0198f2c5-8c3e-7aaa-8000-000000000001';

  it('are the same with a slash at the end', async () => {
    expect((await get(`/v1/orders/${id}`)).body).toEqual({ id });
    expect((await get(`/v1/orders/${id}/`)).body).toEqual({ id });
  });

  it('prefer a fixed word to a parameter, whatever the order of declaration', async () => {
    expect((await get('/v1/orders/mine')).body).toEqual({ mine: true });
  });

  it('are refused with a bad id, an unknown query or text that cannot be decoded', async () => {
    for (const [path, pointer] of [
      ['/v1/orders/7', '/id'],
      [`/v1/orders/${id}?who=me`, '/who'],
      [`/v1/orders/${id}?full=a&full=b`, '/full'],
      [`/v1/orders/${id}?full=%00`, '/full'],
    ] as const) {
      const { status, body } = await get(path);
      expect([path, status, errorsOf(body)[0]?.pointer]).toEqual([path, 400, pointer]);
    }
    const { status, body } = await get('/v1/orders/%ff');
    expect([status, body['code']]).toEqual([400, 'validation_failed']);
  });

  it('that no route has are not found, with any method', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const response = await fetch(`${shop.url}/v1/nothing`, { method });
      expect([
        response.status,
        response.headers.get('content-type'),
        ((await response.json()) as { code: string }).code,
      ]).toEqual([404, 'application/problem+json', 'not_found']);
    }
    expect((await get('/V1/orders/mine')).status).toBe(404);
  });

  it('that a route has answer other methods with what they allow', async () => {
    const response = await fetch(`${shop.url}/v1/orders`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed', status: 405 });
    const options = await fetch(`${shop.url}/v1/orders/mine`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  it('answer HEAD like GET without a body', async () => {
    const response = await fetch(`${shop.url}/v1/orders/mine`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${shop.tokens.issue()}` },
    });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '13', '']);
  });
});

describe('problems', () => {
  it('have every field, the trace of the caller, and a page that explains their code', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const response = await fetch(`${shop.url}/gone`, {
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: '/problems/not_found',
      title: 'There is no such thing',
      status: 404,
      detail: 'order not found',
      instance: '/gone',
      code: 'not_found',
      error: 'order not found',
      traceId,
    });
    const page = await shop.http.get('/problems/not_found');
    expect([page.status, page.body]).toEqual([
      200,
      { code: 'not_found', status: 404, title: 'There is no such thing' },
    ]);
    expect((await shop.http.get('/problems/toString')).status).toBe(404);
  });

  it('say nothing of a fault, which is logged once', async () => {
    const before = shop.lines.length;
    const { status, text: answer, body } = await shop.http.get<Record<string, unknown>>('/boom');
    expect([status, body['code']]).toEqual([500, 'internal_error']);
    expect(answer).not.toMatch(/SELECT|secret|row 7|node_modules|\.ts|at /);
    expect(shop.lines.slice(before).filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});
