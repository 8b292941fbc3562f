import { z } from 'zod';
import {
  createRouting,
  created,
  none,
  noContent,
  Problem,
  wasRefused,
  type CommandContext,
  type Reply,
  type TransactPort,
} from '../src/index.js';
import { keepingTransact, openShop, warehouseKey, type Shop } from './shop.js';

class ShopRefused extends Error {
  constructor(readonly code: 'insufficient_funds') {
    super('no money');
  }
}

interface Work {
  count(): number;
}
const { route } = createRouting<Work, readonly string[]>();
let effects = 0;
let outage: string | undefined;
let broken = true;
const contexts: CommandContext[] = [];
const replies: Reply[] = [];
const keeping = keepingTransact<Work>({ count: () => (effects += 1) });
const transact: TransactPort<unknown, unknown> = async (context, announced, run) => {
  contexts.push(context);
  if (outage !== undefined) throw Object.assign(new Error(`${outage} of 10.0.0.7`), { name: outage });
  const result = await keeping(context, announced, run);
  replies.push(result.reply);
  return result;
};

const Amount = z.strictObject({
  amount: z.int().min(1),
  mode: z.enum(['refuse', 'problem', 'fault', 'busy']).optional(),
});
const answers = { 201: z.object({ n: z.int(), big: z.int(), at: z.string() }) };
const routes = [
  route(
    { method: 'post', path: '/v1/orders', summary: 'x', caller: 'customer', machine: 'orders', body: Amount, answers },
    ({ body, transact: unit }) =>
      unit([], async (work) => {
        if (body.mode === 'refuse') throw new ShopRefused('insufficient_funds');
        if (body.mode === 'problem') throw new Problem('not_found', 'order not found');
        if (body.mode === 'fault' && broken) throw new Error('broken');
        if (body.mode === 'busy' && broken) throw new Problem('unavailable');
        const n = work.count();
        return created(
          { n, big: 9_007_199_254_740_991n, at: new Date(0) },
          { location: `/v1/orders/${n}`, etag: '"1"' },
        );
      }),
  ),
  route(
    {
      method: 'patch',
      path: '/v1/orders/:id',
      summary: 'x',
      caller: 'customer',
      params: z.strictObject({ id: z.string() }),
      answers: { 204: none },
    },
    ({ transact: unit }) =>
      unit([], async (work) => {
        work.count();
        return noContent();
      }),
  ),
  route(
    {
      method: 'put',
      path: '/v1/orders/:id',
      summary: 'x',
      caller: 'customer',
      params: z.strictObject({ id: z.string() }),
      answers: { 204: none },
    },
    ({ transact: unit }) => unit([], async () => noContent()),
  ),
];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    routes,
    transact,
    prefixes: ['/api/orders'],
    trustedProxies: ['127.0.0.1'],
    refusal: (error) => (error instanceof ShopRefused ? new Problem(error.code, error.message) : undefined),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());
beforeEach(() => {
  outage = undefined;
  contexts.length = 0;
});

const place = (idempotencyKey: string, body: unknown, more: object = {}, path = '/v1/orders') =>
  shop.http.post<Record<string, unknown>>(path, body, {
    token: shop.tokens.issue({ sub: 'anna' }),
    idempotencyKey,
    ...more,
  });

describe('the same request sent again with its key', () => {
  it('has its effect once, and the same answer, marked as repeated', async () => {
    const before = effects;
    const first = await place('key-1', { amount: 1 });
    const again = await place('key-1', { amount: 1 });
    expect(effects).toBe(before + 1);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(first.text).toBe(`{"n":${effects},"big":9007199254740991,"at":"1970-01-01T00:00:00.000Z"}`);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect([again.headers.get('location'), again.headers.get('etag')]).toEqual([`/v1/orders/${effects}`, '"1"']);
  });

  it('may spell the key bare or quoted, and the path with or without a slash', async () => {
    const first = await place('key-2', { amount: 1 });
    expect((await place('"key-2"', { amount: 1 })).text).toBe(first.text);
    expect((await place('key-2', { amount: 1 }, {}, '/v1/orders/')).text).toBe(first.text);
  });

  it('gets its refusal again, with the trace and address of its own', async () => {
    const prefix = { headers: { 'x-forwarded-prefix': '/api/orders' } };
    for (const [mode, status, code] of [
      ['refuse', 402, 'insufficient_funds'],
      ['problem', 404, 'not_found'],
    ] as const) {
      const first = await place(`key-${mode}`, { amount: 1, mode });
      const again = await place(`key-${mode}`, { amount: 1, mode }, prefix);
      expect([first.status, again.status, again.body['code']]).toEqual([status, status, code]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('content-type')).toBe('application/problem+json');
      expect([first.body['instance'], again.body['instance']]).toEqual(['/v1/orders', '/api/orders/v1/orders']);
      expect(again.body['traceId']).not.toBe(first.body['traceId']);
      const { instance: _i, traceId: _t, ...kept } = again.body;
      expect(first.body).toMatchObject(kept);
      expect(JSON.stringify(replies.at(-1))).not.toMatch(/traceId|instance/);
    }
  });

  it('is refused with another body, path or method', async () => {
    await place('key-3', { amount: 1 });
    const other = await place('key-3', { amount: 2 });
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
    const options = { token: shop.tokens.issue({ sub: 'anna' }), idempotencyKey: 'key-4' };
    expect((await shop.http.patch('/v1/orders/1', undefined, options)).status).toBe(204);
    expect((await shop.http.patch('/v1/orders/2', undefined, options)).status).toBe(422);
  });

  it('is another request when another caller sends it', async () => {
    const before = effects;
    await place('key-5', { amount: 1 });
    await place('key-5', { amount: 1 }, { token: shop.tokens.issue({ sub: 'boris' }) });
    await shop.http.post('/v1/orders', { amount: 1 }, { staffKey: warehouseKey, idempotencyKey: 'key-5' });
    expect(effects).toBe(before + 3);
    expect(contexts.map(({ idempotency }) => idempotency?.principal)).toEqual(['anna', 'boris', 'key:warehouse']);
    expect(contexts[0]?.idempotency).toMatchObject({ route: 'POST /v1/orders', key: 'key-5' });
  });
});

describe('a key', () => {
  it.each([
    '',
    '""',
    'two words',
    'x'.repeat(256),
    `"${'x'.repeat(256)}"`,
    '"open',
    'in"side',
    '"a" "b"',
    '"a", "b"',
    'ключ'.replace(/./g, '\xe9'),
  ])('is refused as %j', async (key) => {
    const { status, body } = await place('any', { amount: 1 }, { headers: { 'idempotency-key': key } });
    expect([status, body['code']]).toEqual([400, 'validation_failed']);
    expect(contexts).toEqual([]);
  });

  it.each([
    ['x', 'x'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
    ['"with \\"quotes\\" and \\\\"', 'with "quotes" and \\'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ])('is read from %s', async (sent, key) => {
    expect((await place(sent, { amount: 1 })).status).toBe(201);
    expect(contexts[0]?.idempotency?.key).toBe(key);
  });

  it('does not reach the unit of work when the request itself is not valid, or not allowed', async () => {
    await place('key-6', { amount: 0 });
    await place('key-6', { amount: 1 }, { token: 'x' });
    expect(contexts).toEqual([]);
    expect((await place('key-6', { amount: 1 })).status).toBe(201);
  });

  it.each([
    ['fault', 500, 'internal_error'],
    ['busy', 503, 'unavailable'],
  ])('keeps nothing of a %s: the next try runs', async (mode, status, code) => {
    broken = true;
    const fault = await place(`key-7-${mode}`, { amount: 1, mode });
    expect([fault.status, fault.body['code']]).toEqual([status, code]);
    broken = false;
    const again = await place(`key-7-${mode}`, { amount: 1, mode });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('is not looked at where a method is repeatable by itself', async () => {
    await shop.http.put('/v1/orders/1', undefined, { token: shop.tokens.issue(), idempotencyKey: 'key-8' });
    expect(contexts).toEqual([{ cause: expect.anything() }]);
  });
});

describe('a unit of work', () => {
  it('knows where its command comes from', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await place('key-9', { amount: 1 }, { headers: { 'x-request-id': 'request-17', traceparent } });
    expect(contexts[0]?.cause.correlationId).toBe('request-17');
    expect(contexts[0]?.cause.traceparent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
    );
  });

  it('is told which reply stands for a refusal, so that it can drop what was recorded before', async () => {
    const seen: boolean[] = [];
    await using other = await openShop({
      routes,
      refusal: (error) => (error instanceof ShopRefused ? new Problem(error.code) : undefined),
      transact: async (_context, _announced, run) => {
        const reply = await run({ count: () => 1 });
        seen.push(wasRefused(reply));
        return { reply, replayed: false };
      },
    });
    const token = other.tokens.issue();
    await other.http.post('/v1/orders', { amount: 1 }, { token });
    await other.http.post('/v1/orders', { amount: 1, mode: 'refuse' }, { token });
    expect(seen).toEqual([false, true]);
  });

  it.each([
    ['UnitOfWorkBusy', 503, 'unavailable'],
    ['DatabaseDown', 503, 'unavailable'],
    ['KeyReused', 422, 'idempotency_key_reused'],
    ['KeyInUse', 409, 'idempotency_key_in_use'],
    ['SomethingElse', 500, 'internal_error'],
  ])('that fails with %s answers %d %s, and says nothing of why', async (name, status, code) => {
    outage = name;
    const answer = await place('key-10', { amount: 1 });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.has('retry-after')).toBe(status === 503 || status === 409);
    expect(answer.text).not.toContain('10.0.0.7');
  });
});
