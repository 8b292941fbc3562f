import { randomUUID } from 'node:crypto';
import { expectStatus, http, type Order } from '../shop';
import type { Problem } from './answers';
import { paidOrder, shopper, type Shopper } from './cast';

jest.setTimeout(60_000);

let anna: Shopper;
beforeAll(async () => {
  anna = await shopper();
});

const ORDERS = '/api/orders/v1/orders';

describe('a key against double clicks', () => {
  const send = (idempotencyKey: string, body: object = { amount: 7 }) =>
    http.post<{ orderId: string }>(ORDERS, body, { token: anna.token, idempotencyKey });

  it('gives the same answer again, bare and quoted', async () => {
    const key = randomUUID();
    const first = await send(key);
    const second = await send(`"${key}"`);
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect([second.status, second.text, second.headers.get('idempotency-replayed')]).toEqual([201, first.text, 'true']);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect((await send(key, { amount: 8 })).body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('is each person’s own', async () => {
    const [key, boris] = [randomUUID(), await shopper()];
    const [mine, theirs] = [
      await send(key),
      await http.post<{ orderId: string }>(ORDERS, { amount: 9 }, { token: boris.token, idempotencyKey: key }),
    ];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.orderId).not.toBe(mine.body.orderId);
  });

  it('makes one order of fifty clicks at once', async () => {
    const key = randomUUID();
    const before = await orderCount();
    const replies = await Promise.all(Array.from({ length: 50 }, () => send(key)));
    expect(replies.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const placed = replies.filter(({ status }) => status === 201);
    expect(new Set(placed.map(({ text }) => text)).size).toBe(1);
    expect(placed.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await orderCount()).toBe(before + 1);
  });

  it.each(['""', '"', 'a b', `"${'x'.repeat(256)}"`, 'x'.repeat(256), 'ключ', 'a,b"', '"a"b'])(
    'that is none is refused: %s',
    async (key) => {
      const before = await orderCount();
      const reply = await http.post<Problem>(
        ORDERS,
        { amount: 7 },
        {
          token: anna.token,
          headers: { 'idempotency-key': Buffer.from(key).toString('latin1') },
        },
      );
      expect([reply.status, reply.body['errors']]).toMatchObject([400, [{ pointer: '/Idempotency-Key' }]]);
      expect(await orderCount()).toBe(before);
    },
  );

  it('keeps nothing of what was not valid', async () => {
    const key = randomUUID();
    expect((await send(key, { amount: -1 })).status).toBe(400);
    expect((await send(key)).status).toBe(201);
  });

  const orderCount = async () => expectStatus(await http.get<{ total: number }>(ORDERS, anna), 200).total;
});

describe('a version', () => {
  it('that is stale changes nothing', async () => {
    const id = await paidOrder(anna);
    const cancel = (version: string) =>
      http.post(`${ORDERS}/${id}/cancel`, undefined, { token: anna.token, headers: { 'if-match': version } });
    for (const stale of ['"1"', 'W/"2"', '2', '"2', '"3", "1"', '']) {
      expect([stale, (await cancel(stale)).status]).toEqual([stale, 412]);
    }
    expect((await cancel('"2"')).status).toBe(204);
    const topUp = await http.patch(
      `/api/payments/v1/accounts/${anna.accountId}`,
      { amount: 1 },
      { token: anna.token, headers: { 'if-match': '"999"' } },
    );
    expect(topUp.body).toMatchObject({ status: 412, code: 'version_conflict' });
  });

  it('that the client has already is not sent again', async () => {
    const path = `${ORDERS}/${anna.orderId}`;
    const { headers } = await http.get<Order>(path, anna);
    const again = await http.get(path, { token: anna.token, headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', headers.get('etag')]);
    const newer = await http.get(path, { token: anna.token, headers: { 'if-none-match': '"0"' } });
    expect(newer.status).toBe(200);
    // Knowing a version opens no door.
    const boris = await shopper();
    const foreign = await http.get(path, { token: boris.token, headers: { 'if-none-match': '*' } });
    expect(foreign.status).toBe(404);
  });
});
