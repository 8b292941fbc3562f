import { randomUUID } from 'node:crypto';
import type { HttpOptions } from '@g-store/testing';
import { http, orderOf } from '../shop';
import { faultsOfProblem, type Problem } from './answers';
import { shopper, type Shopper } from './cast';

jest.setTimeout(60_000);

let anna: Shopper;
beforeAll(async () => {
  anna = await shopper();
});

const ORDERS = '/api/orders/v1/orders';
const json = { 'content-type': 'application/json' };

interface Refusal {
  readonly status: number;
  readonly code: unknown;
  readonly pointers: readonly string[];
}

async function place(body: string | Buffer, options: HttpOptions = {}): Promise<Refusal> {
  const reply = await http.post<Problem>(ORDERS, body, { token: anna.token, headers: json, ...options });
  if (reply.status >= 400) expect(faultsOfProblem(ORDERS, reply)).toEqual([]);
  const errors = (reply.body['errors'] ?? []) as readonly { pointer: string }[];
  return { status: reply.status, code: reply.body['code'], pointers: errors.map(({ pointer }) => pointer) };
}

const invalid = (...pointers: readonly string[]): Refusal => ({ status: 400, code: 'validation_failed', pointers });
const withDescription = (bytes: number): string => {
  const frame = JSON.stringify({ amount: 1, description: '' });
  return `${frame}${' '.repeat(bytes - frame.length)}`;
};

describe('a body', () => {
  it('has 64 KiB, and not a byte more', async () => {
    expect(await place(withDescription(65_536))).toMatchObject({ status: 201 });
    expect(await place(withDescription(65_537))).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(await place(Buffer.alloc(900_000, 0x20))).toMatchObject({ status: 413 });
  });

  it.each([
    'text/plain',
    'text/html',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/problem+json',
    'application/json, text/plain',
    'json',
  ])('of %s is not read', async (type) => {
    expect(await place('{"amount":1}', { headers: { 'content-type': type } })).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it('that is packed is not unpacked', async () => {
    const packed = { ...json, 'content-encoding': 'gzip' };
    expect(await place('{"amount":1}', { headers: packed })).toMatchObject({ status: 415 });
  });

  it.each([
    ['cut off', '{"amount":1'],
    ['more than one', '{"amount":1}{"amount":2}'],
    ['with a comment', '{"amount":1/*really*/}'],
    ['with a trailing comma', '{"amount":1,}'],
    ['in single quotes', "{'amount':1}"],
    ['NaN', '{"amount":NaN}'],
    ['Infinity', '{"amount":Infinity}'],
    ['hexadecimal', '{"amount":0x1}'],
    ['with a leading zero', '{"amount":01}'],
    ['with a plus', '{"amount":+1}'],
    ['a hundred thousand brackets', '['.repeat(60_000)],
    ['deeply nested', `{"items":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['a BOM before a list', '\ufeff[]'],
  ])('that is no JSON is refused: %s', async (_what, text) => {
    expect(await place(text)).toEqual(invalid(''));
  });

  it.each([
    ['a list', '[{"amount":1}]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"amount"'],
    ['nothing', ''],
  ])('that is %s instead of an object is refused', async (_what, text) => {
    expect(await place(text)).toEqual(invalid(''));
  });

  it('that is no UTF-8 is refused, and so is what no column can hold', async () => {
    const bytes = Buffer.concat([Buffer.from('{"amount":1,"description":"'), Buffer.from([0xc3, 0x28, 0x22, 0x7d])]);
    expect(await place(bytes)).toEqual(invalid(''));
    expect(await place('{"amount":1,"description":"\\u0000"}')).toMatchObject({ status: 400 });
    expect(await place('{"amount":1,"description":"\\ud800"}')).toMatchObject({ status: 400 });
  });

  it.each([
    ['a key twice', '{"amount":1,"amount":1000000}', '/amount'],
    ['a key twice, once in disguise', '{"amount":1,"\\u0061mount":1000000}', '/amount'],
    ['__proto__', '{"amount":1,"__proto__":{"status":"PAID"}}', '/__proto__'],
    ['constructor', '{"amount":1,"constructor":{"prototype":{"status":"PAID"}}}', '/constructor'],
    ['prototype', '{"amount":1,"prototype":{}}', '/prototype'],
    ['status', '{"amount":1,"status":"PAID"}', '/status'],
    ['userId', `{"amount":1,"userId":"${randomUUID()}"}`, '/userId'],
    ['id', `{"amount":1,"id":"${randomUUID()}"}`, '/id'],
    ['version', '{"amount":1,"version":7}', '/version'],
    ['currency', '{"amount":1,"currency":"XTS"}', '/currency'],
    ['a name with a slash and a tilde', '{"amount":1,"a/b~c":1}', '/a~1b~0c'],
    ['something of an item', '{"items":[{"description":"x","price":1,"quantity":1,"free":true}]}', '/items/0/free'],
  ])('that says more than is asked is refused: %s', async (_what, text, pointer) => {
    expect(await place(text)).toEqual(invalid(pointer));
  });

  it('names each thing that is wrong with it', async () => {
    const text = '{"amount":"1","description":7,"pointsToSpend":-1,"more":1}';
    const { status, pointers } = await place(text);
    expect([status, [...pointers].sort()]).toEqual([400, ['/amount', '/description', '/more', '/pointsToSpend']]);
  });
});

describe('a number', () => {
  const tricks = ['1e3', '1E0', '1.0', '0.1', '-1', '0', '-0', '1e999', '9007199254740992', '1000000000001'];
  const noNumbers = ['"1"', 'true', 'null', '[1]', '{"valueOf":1}'];

  it.each([...tricks, ...noNumbers])('%s is no amount of an order, no price and no top-up', async (literal) => {
    expect(await place(`{"amount":${literal}}`)).toMatchObject({ status: 400, code: 'validation_failed' });
    // Something may be given away.
    if (!['0'].includes(literal))
      expect(await place(`{"items":[{"description":"x","price":${literal},"quantity":1}]}`)).toMatchObject({
        status: 400,
        pointers: ['/items/0/price'],
      });
    const topUp = await http.patch(`/api/payments/v1/accounts/${anna.accountId}`, `{"amount":${literal}}`, {
      token: anna.token,
      headers: json,
    });
    expect([topUp.status, topUp.body]).toMatchObject([400, { errors: [{ pointer: '/amount' }] }]);
  });

  it.each(['0', '1001', '0.5', '-1', '1e1', '"2"'])('%s is no quantity', async (literal) => {
    expect(await place(`{"items":[{"description":"x","price":1,"quantity":${literal}}]}`)).toEqual(
      invalid('/items/0/quantity'),
    );
  });

  it('of a thousand times the largest price is more than an order may cost', async () => {
    const item = '{"description":"x","price":1000000000000,"quantity":1000}';
    expect(await place(`{"items":[${item}]}`)).toMatchObject({ status: 400 });
    expect(await place(`{"items":[${Array.from({ length: 101 }, () => item).join()}]}`)).toEqual(invalid('/items'));
  });

  it('0 is told in the words that older clients know', async () => {
    const reply = await http.post<Problem>(ORDERS, { amount: 0 }, anna);
    expect([reply.status, reply.body['error']]).toEqual([400, 'order amount must be positive']);
  });
});

describe('an address', () => {
  it.each([
    '1',
    'null',
    'undefined',
    '00000000-0000-0000-0000-00000000000',
    '00000000-0000-0000-0000-0000000000000',
    '0198c0de-0000-7000-8000-00000000000g',
    '{0198c0de-0000-7000-8000-000000000001}',
    '0198c0de000070008000000000000001',
    "'%20OR%201=1--",
    '%00',
    '%0d%0aSet-Cookie:%20a=b',
    '..%2f..%2fstaff%2forders',
    '%F0%9F%A6%8A',
    'x'.repeat(3_000),
  ])('with %s for an id is refused, and nothing is looked up', async (id) => {
    for (const path of [
      `${ORDERS}/${id}`,
      `${ORDERS}/${id}/history`,
      `/api/payments/v1/accounts/${id}`,
      `/api/payments/v1/accounts/${id}/transactions`,
    ]) {
      const reply = await http.get<Problem>(path, anna);
      // An encoded slash is a slash to the gateway: then there is no such address.
      expect([path, reply.status]).toEqual([path, id.includes('%2f') ? 404 : 400]);
      expect(reply.headers.get('set-cookie')).toBeNull();
    }
  });

  it.each(['%', '%zz', '%c3%28', '%ff'])('that cannot be decoded, as %s, is refused', async (part) => {
    const reply = await http.get<Problem>(`${ORDERS}/${part}`, anna);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });

  it('spells a UUID in capitals too', async () => {
    expect(await orderOf(anna, anna.orderId.toUpperCase())).toMatchObject({ id: anna.orderId });
  });

  it.each([
    '/api/payments/v1/accounts/ACCOUNT/transactions',
    '/api/notifications/v1/notifications',
    '/api/orders/v1/orders',
  ])('%s takes only cursors that it gave', async (path) => {
    const own = path.replace('ACCOUNT', anna.accountId);
    const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const cursors = ['', 'x', '%00', packed([]), packed({}), packed(['1; DROP TABLE orders', 1, 1]), packed([-1])];
    for (const cursor of [...cursors, packed([1e300]), packed([[[]]]), 'A'.repeat(1_025), packed([null, null, null])]) {
      const reply = await http.get<Problem>(`${own}?cursor=${cursor}`, anna);
      expect([cursor, reply.status, reply.body['code']]).toEqual([cursor, 400, 'validation_failed']);
      expect(reply.body['errors']).toMatchObject([{ pointer: '/cursor' }]);
    }
  });

  it('with a limit that is none is refused where it always was, and passed over where it always was', async () => {
    for (const limit of ['0', '-1', '1e1', 'ten', '1.5', '99999999999', '']) {
      const strict = await http.get(`/api/notifications/v1/notifications?limit=${limit}`, anna);
      const lenient = await http.get<{ limit: number }>(`${ORDERS}?page=${limit}&limit=${limit}`, anna);
      expect([limit, strict.status, lenient.status, lenient.body.limit]).toEqual([limit, 400, 200, 20]);
    }
    expect((await http.get<{ limit: number }>(`${ORDERS}?limit=101`, anna)).body.limit).toBe(100);
  });

  it('with a parameter twice, or one that nobody knows, is refused', async () => {
    for (const query of ['limit=1&limit=2', 'userId=x', '__proto__=x', 'constructor=1', 'limit[]=1']) {
      expect([query, (await http.get(`/api/notifications/v1/notifications?${query}`, anna)).status]).toEqual([
        query,
        400,
      ]);
    }
  });
});
