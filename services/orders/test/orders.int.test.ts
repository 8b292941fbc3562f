import { randomUUID } from 'node:crypto';
import { OrderEvent } from '@g-store/contracts';
import { eventually, type HttpReply } from '@g-store/testing';
import { inStatus, pay, placed, read, refusal, someone, type HistoryBody, type ListBody } from './people.js';
import { startShop, type Shop } from './shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('cancelling', () => {
  it.each(['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING'])(
    'is possible while the order is %s',
    async (status) => {
      const { userId, token } = someone(shop);
      const id = await inStatus(shop, status, { userId, token });
      const body = { cancellationReason: 'CHANGED_MIND' };
      expect(await shop.http.post(`/v1/orders/${id}/cancel`, body, { token })).toMatchObject({ status: 204, text: '' });
      expect(await read(shop, id, token)).toMatchObject({ status: 'CANCELLED', cancellationReason: 'CHANGED_MIND' });
    },
  );

  it('is refused the second time, and once the goods are issued', async () => {
    const { userId, token } = someone(shop);
    const cancelled = await inStatus(shop, 'CANCELLED', { userId, token });
    expect(refusal(await shop.http.post(`/v1/orders/${cancelled}/cancel`, undefined, { token }))).toEqual({
      status: 409,
      code: 'order_already_cancelled',
      error: 'order already canceled',
    });
    const issued = await inStatus(shop, 'ISSUED', { userId, token });
    expect(refusal(await shop.http.post(`/v1/orders/${issued}/cancel`, undefined, { token }))).toEqual({
      status: 409,
      code: 'order_not_cancellable',
      error: "can't be cancelled",
    });
  });

  it.each([
    '{}',
    '{"cancellationReason":"OUT_OF_STOCK"}',
    '{"cancellationReason":"CHANGED_MIND","x":1}',
    '[]',
    'null',
    '{',
  ])('takes no body but the one it knows: %s', async (body) => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    const headers = { 'content-type': 'application/json' };
    expect((await shop.http.post(`/v1/orders/${id}/cancel`, body, { token, headers })).status).toBe(400);
    expect((await read(shop, id, token)).status).toBe('PENDING');
  });

  it('leaves one cancellation of many at once', async () => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 9 }, () => 409)]);
    expect(await read(shop, id, token)).toMatchObject({ version: 2 });
  });
});

it('cancel against pay: whoever comes first, the history is one path and every version was told once', async () => {
  const customer = someone(shop);
  const ids = await Promise.all(Array.from({ length: 30 }, () => placed(shop, customer.token)));
  await Promise.all(
    ids.flatMap((id, i) => {
      const acts = [
        () => pay(shop, id, customer.userId, i % 3 ? {} : { status: 'FAILED', reason: 'NO_PAYMENT_ACCOUNT' }),
        () => shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token: customer.token }),
      ];
      return (i % 2 ? acts : acts.reverse()).map((act) => act());
    }),
  );
  for (const id of ids) {
    await eventually(() => shop.heard(id, 1));
    const { body } = await shop.http.get<HistoryBody>(`/v1/orders/${id}/history`, { token: customer.token });
    const path = body.entries.map(({ status, version }) => `${version} ${status}`).join();
    expect(['1 PENDING,2 CANCELLED', '1 PENDING,2 PAID,3 CANCELLED']).toContain(path);
    const events = await shop.told(OrderEvent, id, body.entries.length);
    expect(events.map(({ meta }) => meta.aggregateVersion)).toEqual(body.entries.map(({ version }) => version));
  }
});

describe("somebody else's order", () => {
  it('answers like one that does not exist, byte for byte', async () => {
    const { token: hers } = someone(shop);
    const { token: his } = someone(shop);
    const id = await placed(shop, hers);
    const bytes = ({ text, status }: HttpReply<unknown>, asked: string) => {
      const { traceId: _, instance, ...rest } = JSON.parse(text) as Record<string, unknown>;
      return `${status} ${JSON.stringify(rest)} ${String(instance).replace(asked, '')}`;
    };
    for (const [method, path] of [
      ['get', ''],
      ['get', '/history'],
      ['post', '/cancel'],
    ] as const) {
      const missing = randomUUID();
      const ask = (order: string) =>
        method === 'get'
          ? shop.http.get(`/v1/orders/${order}${path}`, { token: his })
          : shop.http.post(`/v1/orders/${order}${path}`, undefined, { token: his });
      expect(bytes(await ask(id), id)).toBe(bytes(await ask(missing), missing));
      expect((await ask(id)).status).toBe(404);
    }
    expect((await read(shop, id, hers)).status).toBe('PENDING');
    expect((await shop.http.get<ListBody>('/v1/orders', { token: his })).body.orders).toEqual([]);
  });

  it('is shown to staff, and the same id in capitals is the same order', async () => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    expect(await read(shop, id.toUpperCase(), shop.staffToken)).toMatchObject({ id, allowedActions: ['cancel'] });
    expect((await shop.http.post(`/v1/orders/${id.toUpperCase()}/cancel`, undefined, { token })).status).toBe(204);
    expect((await shop.http.get('/v1/orders/17', { token })).status).toBe(400);
  });
});

describe('the version of an order', () => {
  it('spares a reader who has it already, and stops a writer who has an older one', async () => {
    const { userId, token } = someone(shop);
    const id = await inStatus(shop, 'PAID', { userId, token });
    const get = (tag: string) => shop.http.get(`/v1/orders/${id}`, { token, headers: { 'if-none-match': tag } });
    expect(await get('"2"')).toMatchObject({ status: 304, text: '' });
    expect((await get('"1"')).status).toBe(200);
    const move = (tag: string) =>
      shop.http.patch(
        `/v1/staff/orders/${id}/status`,
        { status: 'ASSEMBLING' },
        { token: shop.staffToken, headers: { 'if-match': tag } },
      );
    expect(refusal(await move('"1"'))).toMatchObject({ status: 412, code: 'version_conflict' });
    expect((await move('"2"')).status).toBe(204);
    const cancel = { token, headers: { 'if-match': '"2"' } };
    expect((await shop.http.post(`/v1/orders/${id}/cancel`, undefined, cancel)).status).toBe(412);
  });
});

describe("the customer's list", () => {
  it('turns pages by number or by cursor, newest first', async () => {
    const { token } = someone(shop);
    const all = [];
    for (let n = 1; n <= 5; n += 1) all.unshift(await placed(shop, token, { amount: n }));
    const list = async (query: string) => {
      const reply = await shop.http.get<ListBody>(`/v1/orders${query}`, { token });
      expect(reply.status).toBe(200);
      return { ...reply.body, ids: reply.body.orders.map(({ id }) => id), link: reply.headers.get('link') };
    };
    expect(await list('')).toMatchObject({ ids: all, total: 5, page: 1, limit: 20, nextCursor: null, link: null });
    expect(await list('?page=2&limit=2')).toMatchObject({ ids: all.slice(2, 4), total: 5, page: 2, limit: 2 });
    expect(await list('?page=x&limit=-1')).toMatchObject({ ids: all, page: 1, limit: 20 });
    expect(await list('?limit=1000')).toMatchObject({ limit: 100 });
    const first = await list('?limit=2');
    expect(first.link).toContain('rel="next"');
    const newer = await placed(shop, token);
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ ids: all.slice(2, 4), total: 6, page: 2 });
    expect(await list(`?limit=2&cursor=${second.nextCursor}`)).toMatchObject({
      ids: all.slice(4),
      page: 3,
      nextCursor: null,
    });
    expect((await list('/')).ids).toEqual([newer, ...all]);
    expect((await shop.http.get('/v1/orders?cursor=nonsense', { token })).status).toBe(400);
  });
});
