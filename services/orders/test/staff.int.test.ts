import { randomUUID } from 'node:crypto';
import { OrderEvent } from '@g-store/contracts';
import { inStatus, placed, read, refusal, someone, type ListBody } from './people.js';
import { startShop, type Shop } from './shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('the staff', () => {
  it('finds orders by status, person and what is written on them', async () => {
    const { userId, token } = someone(shop);
    const paid = await inStatus(shop, 'PAID', { userId, token });
    const pending = await placed(shop, token, { amount: 7, description: 'Something very blue' });
    const find = async (query: string) => {
      const reply = await shop.http.get<ListBody>(`/v1/staff/orders?${query}`, { staffKey: shop.staffKey });
      return reply.body.orders.map(({ id }) => id);
    };
    expect(await find(`userId=${userId}`)).toEqual([pending, paid]);
    expect(await find(`userId=${userId}&status=PAID&q=`)).toEqual([paid]);
    expect(await find(`q=VERY+BLUE`)).toEqual([pending]);
    const { number } = await read(shop, paid, token);
    expect(await find(`q=${String(number)}`)).toEqual([paid]);
    expect((await read(shop, paid, shop.staffToken)).allowedActions).toEqual(['cancel', 'status:ASSEMBLING']);
    expect(refusal(await shop.http.get('/v1/staff/orders?status=LOST', { staffKey: shop.staffKey }))).toMatchObject({
      status: 400,
      code: 'invalid_status',
    });
    expect((await shop.http.get('/v1/staff/orders?userId=7', { staffKey: shop.staffKey })).status).toBe(400);
  });

  it('moves a paid order to its customer step by step, each act written down once', async () => {
    const { userId, token } = someone(shop);
    const id = await inStatus(shop, 'ISSUED', { userId, token });
    expect(
      await shop.database.sql`SELECT actor, act, detail FROM staff_audit WHERE order_id = ${id} ORDER BY at, id`,
    ).toEqual(
      [
        ['PAID', 'ASSEMBLING'],
        ['ASSEMBLING', 'ASSEMBLED'],
        ['ASSEMBLED', 'DELIVERING'],
        ['DELIVERING', 'ISSUED'],
      ].map(([from, to]) => ({ actor: 'key:till', act: 'status', detail: { from, to } })),
    );
    const events = await shop.told(OrderEvent, id, 6);
    expect(events.map(({ meta }) => meta.aggregateVersion)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await shop.database.sql`SELECT version FROM order_history WHERE order_id = ${id} ORDER BY 1`).toHaveLength(
      6,
    );
  });

  it('cancels for a reason of the store, and for no other', async () => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    const cancel = (body: unknown) => shop.http.post(`/v1/staff/orders/${id}/cancel`, body, { token: shop.staffToken });
    for (const body of [
      undefined,
      {},
      { cancellationReason: 'CHANGED_MIND' },
      { cancellationReason: 'OUT_OF_STOCK', x: 1 },
    ])
      expect((await cancel(body)).status).toBe(400);
    expect((await cancel({ cancellationReason: 'DELIVERY_UNAVAILABLE' })).status).toBe(204);
    expect(await read(shop, id, token)).toMatchObject({
      status: 'CANCELLED',
      cancellationReason: 'DELIVERY_UNAVAILABLE',
    });
    expect(refusal(await cancel({ cancellationReason: 'OUT_OF_STOCK' }))).toMatchObject({
      status: 409,
      error: 'order already canceled',
    });
    expect(await shop.database.sql`SELECT actor, act FROM staff_audit WHERE order_id = ${id}`).toEqual([
      { actor: shop.staffId, act: 'cancel' },
    ]);
  });

  it.each([
    ['PENDING', 'LOST', 400, 'invalid order status'],
    ['PENDING', 'paid', 400, 'invalid order status'],
    ['PENDING', 'PAID', 403, expect.any(String)],
    ['PENDING', 'ASSEMBLING', 409, 'invalid order status transition'],
    ['PAID', 'ISSUED', 409, 'invalid order status transition'],
    ['PAID', 'CANCELLED', 409, 'invalid order status transition'],
    ['ISSUED', 'DELIVERING', 409, 'invalid order status transition'],
    ['CANCELLED', 'ASSEMBLING', 409, 'invalid order status transition'],
  ])('may not move an order from %s to %s', async (from, to, status, error) => {
    const { userId, token } = someone(shop);
    const id = await inStatus(shop, from, { userId, token });
    const reply = await shop.http.patch(`/v1/staff/orders/${id}/status`, { status: to }, { staffKey: shop.staffKey });
    expect(refusal(reply)).toMatchObject({ status, error });
    expect((await read(shop, id, token)).status).toBe(from);
  });

  it('is nobody without the right to it', async () => {
    const { token } = someone(shop);
    const id = await placed(shop, token);
    const tries = (options: object) => [
      shop.http.get('/v1/staff/orders', options),
      shop.http.post(`/v1/staff/orders/${id}/cancel`, { cancellationReason: 'OUT_OF_STOCK' }, options),
      shop.http.patch(`/v1/staff/orders/${id}/status`, { status: 'ASSEMBLING' }, options),
    ];
    const statuses = async (options: object) => (await Promise.all(tries(options))).map(({ status }) => status);
    expect(await statuses({})).toEqual([401, 401, 401]);
    expect(await statuses({ token })).toEqual([403, 403, 403]);
    expect(await statuses({ staffKey: 'wrong' })).toEqual([401, 401, 401]);
    expect(await statuses({ staffKey: shop.pointsKey })).toEqual([403, 403, 403]);
  });

  it('finds no order that is not there', async () => {
    const missing = randomUUID();
    const options = { staffKey: shop.staffKey };
    expect(
      (await shop.http.patch(`/v1/staff/orders/${missing}/status`, { status: 'ASSEMBLING' }, options)).status,
    ).toBe(404);
    expect(
      (await shop.http.post(`/v1/staff/orders/${missing}/cancel`, { cancellationReason: 'OUT_OF_STOCK' }, options))
        .status,
    ).toBe(404);
  });
});
