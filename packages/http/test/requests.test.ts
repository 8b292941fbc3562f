import { z } from 'zod';
import {
  amount,
  created,
  createRouting,
  exactDecimal,
  exactNumber,
  none,
  noContent,
  ok,
  route,
  text,
} from '../src/index.js';
import { keepingTransact, openShop, type Shop } from './shop.js';

const { route: command } = createRouting<{ place(amount: bigint): void }, readonly string[]>();
const placed: bigint[] = [];

const routes = [
  command(
    {
      method: 'post',
      path: '/v1/orders',
      summary: 'Place an order',
      caller: 'customer',
      body: z.strictObject({
        amount: amount('order amount must be positive'),
        description: z.string().max(20).optional(),
        items: z
          .array(z.strictObject({ sku: z.string() }))
          .max(2)
          .optional(),
      }),
      answers: { 201: z.object({ orderId: z.string(), amount: z.int() }) },
    },
    ({ body, transact }) =>
      transact([], async (work) => {
        work.place(body.amount);
        return created({ orderId: 'o1', amount: body.amount }, { location: '/v1/orders/o1', etag: '"1"' });
      }),
  ),
  route(
    {
      method: 'post',
      path: '/v1/orders/:id/cancel',
      summary: 'Cancel',
      caller: 'customer',
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({ cancellationReason: z.literal('CHANGED_MIND') }).optional(),
      answers: { 204: none },
    },
    async () => noContent(),
  ),
  route(
    { method: 'post', path: '/v1/touch', summary: 'Nothing to send', caller: 'customer', answers: { 204: none } },
    async () => noContent(),
  ),
  route(
    {
      method: 'post',
      path: '/decimal',
      summary: 'Decimals',
      caller: 'customer',
      body: z.strictObject({ amount: exactDecimal({ min: 1n, sentence: 'amount must be positive' }) }),
      answers: { 200: z.object({ minor: z.string(), again: z.number() }) },
    },
    async ({ body }) => ok({ minor: String(body.amount), again: exactNumber('729.98') }),
  ),
  route(
    {
      method: 'post',
      path: '/upload',
      summary: 'Text',
      caller: 'customer',
      accepts: 'text',
      gzip: true,
      body: z.union([z.string(), z.strictObject({ orderId: z.string() })]),
      answers: { 200: z.string() },
    },
    async ({ body }) => text(typeof body === 'string' ? body : body.orderId),
  ),
];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    routes,
    transact: keepingTransact({ place: (minor: bigint) => void placed.push(minor) }) as never,
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  shop.http.post<Record<string, unknown>>(path, body, {
    token: shop.tokens.issue(),
    headers: { 'content-type': 'application/json', ...headers },
  });
const errorsOf = (body: Record<string, unknown>) => body['errors'] as { pointer: string; detail: string }[];

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('what a customer sends', () => {
  it('is taken when it is right', async () => {
    const { status, body, headers } = await post('/v1/orders', '{"amount": 4200}');
    expect([status, body]).toEqual([201, { orderId: 'o1', amount: 4200 }]);
    expect(headers.get('location')).toBe('/v1/orders/o1');
    expect(headers.get('etag')).toBe('"1"');
    expect(placed.at(-1)).toBe(4200n);
  });

  it.each([
    ['{"amount": 0}', '/amount', 'order amount must be positive'],
    ['{"amount": -1}', '/amount', 'order amount must be positive'],
    ['{"amount": 0.1}', '/amount', 'amount must be a whole number'],
    ['{"amount": 1e3}', '/amount', 'amount must be a whole number'],
    ['{"amount": 1.0}', '/amount', 'amount must be a whole number'],
    ['{"amount": -0}', '/amount', 'amount must be a whole number'],
    ['{"amount": "1"}', '/amount', 'amount must be a whole number'],
    ['{"amount": null}', '/amount', 'amount must be a whole number'],
    ['{"amount": 9007199254740992}', '/amount', 'amount must be a whole number'],
    ['{"amount": 1000000000001}', '/amount', 'amount must be at most 1000000000000'],
    ['{"amount": 1e400}', '/amount', 'amount must be a whole number'],
    ['{}', '/amount', 'amount is required'],
    ['{"amount": 1, "status": "PAID"}', '/status', 'status is not known'],
    ['{"amount": 1, "userId": "x"}', '/userId', 'userId is not known'],
    ['{"amount": 1, "__proto__": {"isAdmin": true}}', '/__proto__', '__proto__ is not known'],
    ['{"amount": 1, "constructor": {}}', '/constructor', 'constructor is not known'],
    ['{"amount": 1, "\\u005f_proto__": {}}', '/__proto__', '__proto__ is not known'],
    ['{"amount": 1, "amount": 1}', '/amount', 'amount is given twice'],
    ['{"amount": 1, "\\u0061mount": 2}', '/amount', 'amount is given twice'],
    ['{"amount": 1, "items": [{"sku": "a", "price": 1}]}', '/items/0/price', 'items.0.price is not known'],
    ['{"amount": 1, "items": [{"sku": "a"}, {"sku": "b"}, {"sku": "c"}]}', '/items', 'items must have at most 2 items'],
    [
      '{"amount": 1, "description": "much longer than it may be"}',
      '/description',
      'description must have at most 20 characters',
    ],
    ['{"amount": 1, "description": "nul \\u0000"}', '', 'the body has a character that cannot be kept'],
    ['{"amount": 1, "description": "\\ud800"}', '', 'the body has a character that cannot be kept'],
    ['{"amount": 1', '', 'the body is not valid JSON'],
    ['{"amount": NaN}', '', 'the body is not valid JSON'],
    ['', '', 'the body is required'],
    ['[]', '', 'the body must be an object'],
    ['null', '', 'the body must be an object'],
    [nested(33), '', 'the body is nested too deeply'],
    [nested(32), '', 'the body must be an object'],
  ])('is refused as %s', async (sent, pointer, detail) => {
    const before = placed.length;
    const { status, body } = await post('/v1/orders', sent);
    expect({ status, code: body['code'], detail: body['detail'], error: body['error'] }).toEqual({
      status: 400,
      code: 'validation_failed',
      detail,
      error: detail,
    });
    expect(errorsOf(body)[0]?.pointer).toBe(pointer);
    expect(placed).toHaveLength(before);
  });

  it('is refused with every field that is wrong at once', async () => {
    const { body } = await post('/v1/orders', '{"amount": 0, "x": 1, "items": [{}]}');
    expect(
      errorsOf(body)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/amount', '/items/0/sku', '/x']);
  });

  it('is refused at once when it is nested as deeply as fits', async () => {
    expect((await post('/v1/orders', nested(32_000))).status).toBe(400);
  });

  it('is refused when it is not UTF-8', async () => {
    const { status, body } = await shop.http.post<{ code: string }>('/v1/orders', Buffer.from([0x22, 0xff, 0x22]), {
      token: shop.tokens.issue(),
      headers: { 'content-type': 'application/json' },
    });
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json; charset=latin1', {}],
    ['application/jsonx', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
    ['application/json', { 'content-encoding': 'br' }],
  ])('is refused as %s %j', async (type, headers) => {
    const { status, body } = await post('/v1/orders', '{"amount": 1}', { 'content-type': type, ...headers });
    expect([status, body['code']]).toEqual([415, 'unsupported_media_type']);
  });

  it('is taken as JSON with a charset', async () => {
    expect(
      (await post('/v1/orders', '{"amount": 1}', { 'content-type': 'Application/JSON; Charset=UTF-8' })).status,
    ).toBe(201);
  });

  it.each([64 * 1024 + 1, 900_000, 3_000_000])('is refused when it has %d bytes', async (bytes) => {
    const { status, body } = await post('/v1/orders', `{"amount": 1}${' '.repeat(bytes - 13)}`);
    expect([status, body['code']]).toEqual([413, 'payload_too_large']);
  });

  it('is taken up to 64 KiB', async () => {
    expect((await post('/v1/orders', `{"amount": 1}${' '.repeat(64 * 1024 - 13)}`)).status).toBe(201);
  });

  it('may be nothing where nothing is needed', async () => {
    for (const [path, sent, expected] of [
      ['/v1/orders/o1/cancel', '', 204],
      ['/v1/orders/o1/cancel', '{"cancellationReason":"CHANGED_MIND"}', 204],
      ['/v1/orders/o1/cancel', '{}', 400],
      ['/v1/orders/o1/cancel', '{"cancellationReason":"OTHER"}', 400],
      ['/v1/touch', '', 204],
      ['/v1/touch', '{}', 204],
      ['/v1/touch', '{"balance":1000}', 400],
    ] as const) {
      expect([path, sent, (await post(path, sent)).status]).toEqual([path, sent, expected]);
    }
    const bare = await shop.http.post('/v1/touch', undefined, { token: shop.tokens.issue() });
    expect(bare.status).toBe(204);
  });

  it.each([
    ['12.5', '1250'],
    ['729.98', '72998'],
    ['7', '700'],
    ['1.5e1', '1500'],
    ['729.980', '72998'],
    ['10000000000', '1000000000000'],
  ])('may be a decimal such as %s, read to the digit', async (literal, minor) => {
    const { status, text: answer } = await post('/decimal', `{"amount": ${literal}}`);
    expect([status, answer]).toEqual([200, `{"minor":"${minor}","again":729.98}`]);
  });

  it.each(['0.001', '"12.5"', '0', '-1', '1e-3', '1e400', '1e99', '10000000000.01', 'true', '0.30000000000000004'])(
    'may not be a decimal such as %s',
    async (literal) => {
      const { status, body } = await post('/decimal', `{"amount": ${literal}}`);
      expect([status, errorsOf(body)[0]?.pointer]).toEqual([400, '/amount']);
    },
  );

  it('may be text, or packed, where a route says so', async () => {
    const { gzipSync } = await import('node:zlib');
    const token = shop.tokens.issue();
    const send = (body: string | Buffer, headers: Record<string, string>) =>
      shop.http.post<string>('/upload', body, { token, headers });
    expect((await send('12345', { 'content-type': 'text/plain' })).body).toBe('12345');
    expect((await send('{"orderId":"777"}', { 'content-type': 'application/json' })).body).toBe('777');
    const packed = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    expect((await send(gzipSync('12345'), packed)).body).toBe('12345');
    expect((await send(gzipSync('0'.repeat(10_000_000)), packed)).status).toBe(413);
    expect((await send('not packed', packed)).status).toBe(400);
    expect((await send('nul \0', { 'content-type': 'text/plain' })).status).toBe(400);
  });
});
