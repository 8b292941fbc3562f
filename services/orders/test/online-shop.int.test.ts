import { randomUUID } from 'node:crypto';
import { OrderEvent } from '@g-store/contracts';
import type { HttpReply } from '@g-store/testing';
import { inStatus, placed, read, refusal, someone, type HistoryBody } from './people.js';
import { startShop, type Shop } from './shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

interface OldOrder {
  readonly id: string;
  readonly user_id: string;
  readonly price: number;
  readonly status: string;
  readonly descr: string;
}

const json = { 'content-type': 'application/json' };
/** Sends a body as its text, to the last digit. */
const create = (userId: string, body: string, options: object) =>
  shop.http.post<{ id: string }>(`/order/create/${userId}`, body, { ...options, headers: json });

describe('POST /order/create/{user_id}', () => {
  it('answers 200 with the id, and the order is the same as any other', async () => {
    const { userId, token } = someone(shop);
    const reply = await create(userId, '{"amount":729.98,"descr":"tea"}', { token });
    const { id } = reply.body;
    expect([reply.status, reply.text]).toEqual([200, `{"id":"${id}"}`]);
    expect(await read(shop, id, token)).toMatchObject({
      userId,
      amount: 72_998,
      description: 'tea',
      status: 'PENDING',
    });
    const [event] = await shop.told(OrderEvent, id, 1);
    expect(event).toMatchObject({ case: 'created', value: { amount: 72_998n, pointsToSpend: 0n } });
  });

  it.each([
    ['0.01', 1],
    ['1', 100],
    ['10.10', 1_010],
    ['0.1', 10],
    ['1.5e2', 15_000],
    ['2.55', 255],
    ['9999999999.99', 999_999_999_999],
    ['10000000000.00', 1_000_000_000_000],
  ])('takes %s to the last hundredth', async (amount, minor) => {
    const { userId, token } = someone(shop);
    const { body } = await create(userId, `{"amount":${amount}}`, { token });
    expect((await read(shop, body.id, token))['amount']).toBe(minor);
  });

  it.each([
    ['{"amount":0}', 'order amount must be positive'],
    ['{"amount":-0.01}', 'order amount must be positive'],
    ['{"amount":1.005}', 'amount must be a number with at most 2 decimal places'],
    ['{"amount":0.001}', 'amount must be a number with at most 2 decimal places'],
    ['{"amount":1e-3}', 'amount must be a number with at most 2 decimal places'],
    ['{"amount":1e400}', 'amount must be a number with at most 2 decimal places'],
    ['{"amount":10000000000.01}', 'amount must not be so large'],
    ['{"amount":"5"}', 'amount must be a number'],
    ['{"amount":null}', 'amount must be a number'],
    ['{"amount":NaN}', 'the body is not valid JSON'],
    ['{"descr":"tea"}', expect.any(String)],
    ['{"amount":1,"price":1}', 'price is not known'],
    ['{"amount":1,"descr":5}', expect.any(String)],
  ])('refuses %s', async (body, error) => {
    const { userId, token } = someone(shop);
    expect(refusal(await create(userId, body, { token }))).toEqual({ status: 400, code: 'validation_failed', error });
  });

  it('is done once, however often the same key is sent', async () => {
    const { userId, token } = someone(shop);
    const send = (body: string) => create(userId, body, { token, idempotencyKey: 'once' });
    const replies = await Promise.all(Array.from({ length: 5 }, () => send('{"amount":1.10}')));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await send('{"amount":1.1}')).status).toBe(422);
    expect((await shop.http.get<OldOrder[]>('/order/get', { token })).body).toHaveLength(1);
  });

  it('is for oneself; for somebody else it looks as if there were nobody', async () => {
    const { token } = someone(shop);
    const reply = await create(randomUUID(), '{"amount":1}', { token });
    expect(refusal(reply)).toEqual({ status: 404, code: 'not_found', error: 'user not found' });
    expect((await create('17', '{"amount":1}', { token })).status).toBe(400);
    expect((await shop.http.post(`/order/create/${randomUUID()}`, { amount: 1 })).status).toBe(401);
    expect((await create(randomUUID(), '{"amount":1}', { staffKey: shop.staffKey })).status).toBe(403);
  });

  it('is for anybody when staff asks, and it is written down who did', async () => {
    const { userId, token } = someone(shop);
    const { body } = await create(userId.toUpperCase(), '{"amount":1}', { token: shop.staffToken });
    expect(await read(shop, body.id, token)).toMatchObject({ userId });
    const history = await shop.http.get<HistoryBody>(`/v1/orders/${body.id}/history`, { token });
    expect(history.body.entries).toMatchObject([{ status: 'PENDING', actor: shop.staffId }]);
    expect(await shop.database.sql`SELECT actor, act, detail FROM staff_audit WHERE order_id = ${body.id}`).toEqual([
      { actor: shop.staffId, act: 'place', detail: { for: userId } },
    ]);
    const [event] = await shop.told(OrderEvent, body.id, 1);
    expect(event?.meta.owner).toBe(userId);
  });
});

describe('GET /order/get', () => {
  it("lists one's own, newest first, page by page", async () => {
    const { userId, token } = someone(shop);
    await placed(shop, someone(shop).token);
    const ids = [];
    for (let n = 1; n <= 5; n += 1) ids.unshift(await placed(shop, token, { amount: n }));
    const list = async (query: string) => {
      const reply = await shop.http.get<OldOrder[]>(`/order/get${query}`, { token });
      expect(reply.status).toBe(200);
      return { ids: reply.body.map(({ id }) => id), text: reply.text, link: reply.headers.get('link') };
    };
    const all = await list('');
    expect([all.ids, all.link]).toEqual([ids, null]);
    expect(all.text).toContain(`{"id":"${ids[0]}","user_id":"${userId}","price":0.05,"status":"CREATED","descr":""}`);
    expect((await list('?page=2&limit=2')).ids).toEqual(ids.slice(2, 4));
    expect((await list('?page=x&limit=-1')).ids).toEqual(ids);
    expect((await list('?page=9')).ids).toEqual([]);
    const first = await list('?limit=3');
    const [, next = ''] = /^<(\/order\/get[^>]*)>; rel="next"$/.exec(first.link ?? '') ?? [];
    await placed(shop, token);
    expect((await list(next.replace('/order/get', ''))).ids).toEqual(ids.slice(3));
    expect((await list('/')).ids).toHaveLength(6);
  });

  it("lists everybody's for staff and for a machine of the shop, and nobody's for strangers", async () => {
    const [anna, boris] = [someone(shop), someone(shop)];
    const ids = [await placed(shop, anna.token), await placed(shop, boris.token)];
    for (const options of [{ token: shop.staffToken }, { staffKey: shop.staffKey }]) {
      const { body } = await shop.http.get<OldOrder[]>('/order/get?limit=2', options);
      expect(body.map(({ id }) => id)).toEqual(ids.toReversed());
    }
    expect((await shop.http.get('/order/get')).status).toBe(401);
    expect((await shop.http.get('/order/get', { staffKey: shop.pointsKey })).status).toBe(403);
    expect((await shop.http.get('/order/get', { token: someone(shop).token })).text).toBe('[]');
  });
});

describe('GET /order/get/{id}', () => {
  it.each([
    ['PENDING', 'CREATED'],
    ['PAID', 'SUCCESS'],
    ['ASSEMBLING', 'SUCCESS'],
    ['ASSEMBLED', 'SUCCESS'],
    ['DELIVERING', 'SUCCESS'],
    ['ISSUED', 'SUCCESS'],
    ['CANCELLED', 'FAIL'],
  ])('an order that is %s reads %s', async (status, expected) => {
    const customer = someone(shop);
    const id = await inStatus(shop, status, customer);
    const { status: code, text } = await shop.http.get(`/order/get/${id}`, { token: customer.token });
    expect([code, text]).toEqual([
      200,
      `{"id":"${id}","user_id":"${customer.userId}","price":5,"status":"${expected}","descr":""}`,
    ]);
  });

  it.each([
    [72_998, '729.98'],
    [50_050, '500.5'],
    [4_200, '42'],
    [1, '0.01'],
    [57, '0.57'],
    [999_999_999_999, '9999999999.99'],
  ])('the price of %s is written %s', async (amount, price) => {
    const { userId, token } = someone(shop);
    const id = await placed(shop, token, { amount, description: 'tea "for two"' });
    const { text } = await shop.http.get(`/order/get/${id}`, { token });
    expect(text).toBe(
      `{"id":"${id}","user_id":"${userId}","price":${price},"status":"CREATED","descr":"tea \\"for two\\""}`,
    );
  });

  it('of somebody else looks exactly like one that does not exist, but not to staff', async () => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    const stranger = someone(shop).token;
    const strip = ({ status, body }: HttpReply<unknown>) => ({
      ...(body as object),
      status,
      instance: '',
      traceId: '',
    });
    const anothers = strip(await shop.http.get(`/order/get/${id}`, { token: stranger }));
    expect(anothers).toEqual(strip(await shop.http.get(`/order/get/${randomUUID()}`, { token: stranger })));
    expect(anothers.status).toBe(404);
    for (const options of [{ token: shop.staffToken }, { staffKey: shop.staffKey }])
      expect((await shop.http.get<OldOrder>(`/order/get/${id}`, options)).body.id).toBe(id);
    expect((await shop.http.get('/order/get/17', { token })).status).toBe(400);
    expect((await shop.http.get(`/order/get/${id}`)).status).toBe(401);
  });

  it('is sent again only when it has changed', async () => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    const get = () => shop.http.get(`/order/get/${id}`, { token, headers: { 'if-none-match': '"1"' } });
    expect((await get()).status).toBe(304);
    await shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token });
    expect((await get()).status).toBe(200);
  });
});
