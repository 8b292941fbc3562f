import { randomUUID } from 'node:crypto';
import { OrderEvent, PaymentEvent } from '@g-store/contracts';
import { eventually } from '@g-store/testing';
import { inStatus, pay, placed, read, refusal, someone, type HistoryBody, type ListBody } from './people.js';
import { startShop, type Shop } from './shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe('placing an order', () => {
  it('answers with its id and place, and the order reads back as it was placed', async () => {
    const { userId, token } = someone(shop);
    const reply = await shop.http.post<{ orderId: string }>(
      '/v1/orders',
      { amount: 12_345, description: 'tea' },
      { token },
    );
    const id = reply.body.orderId;
    expect([reply.status, reply.headers.get('location'), reply.headers.get('etag')]).toEqual([
      201,
      `/v1/orders/${id}`,
      '"1"',
    ]);
    const order = await read(shop, id, token);
    expect(order).toEqual({
      id,
      number: expect.stringMatching(/^\d{16}$/),
      userId,
      amount: 12_345,
      currency: 'RUB',
      status: 'PENDING',
      description: 'tea',
      items: [],
      points: { spent: 0, earned: 0 },
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: order['createdAt'],
      allowedActions: ['cancel'],
    });
  });

  it('tells the others of it', async () => {
    const { userId, token } = someone(shop);
    const id = await placed(shop, token, {
      items: [
        { sku: 'MUG-BLUE', quantity: 2 },
        { description: 'Wrap', price: 1, quantity: 1 },
      ],
    });
    const [event] = await shop.told(OrderEvent, id, 1);
    expect(event).toMatchObject({
      case: 'created',
      meta: { aggregateId: id, aggregateVersion: 1, owner: userId },
      value: {
        amount: 178_001n,
        currency: 'RUB',
        pointsToSpend: 0n,
        items: [
          { sku: 'MUG-BLUE', description: 'Stoneware mug, cobalt blue, 350 ml', price: 89_000n, quantity: 2 },
          { description: 'Wrap', price: 1n, quantity: 1 },
        ],
      },
    });
  });

  it('is done once, however often the same key is sent', async () => {
    const { token } = someone(shop);
    const send = (body: object = { amount: 500 }) =>
      shop.http.post('/v1/orders', body, { token, idempotencyKey: 'once' });
    const replies = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(7);
    expect((await send({ amount: 501 })).status).toBe(422);
    expect((await shop.http.get<ListBody>('/v1/orders', { token })).body.total).toBe(1);
  });

  it.each([
    [{}, 400, 'validation_failed', 'order amount must be positive'],
    [{ amount: 0 }, 400, 'validation_failed', 'order amount must be positive'],
    [{ amount: -1 }, 400, 'validation_failed', 'order amount must be positive'],
    [{ amount: 1, items: [] }, 400, 'validation_failed', 'an order has an amount or items, not both'],
    [{ amount: 5, pointsToSpend: 6 }, 400, 'validation_failed', expect.any(String)],
    [{ items: [{ sku: 'NO-SUCH', quantity: 1 }] }, 400, 'validation_failed', 'no such sku in the catalogue'],
    [{ items: [{ sku: 'MUG-BLUE', price: 1, quantity: 1 }] }, 409, 'price_changed', expect.any(String)],
    [{ amount: 1, status: 'PAID' }, 400, 'validation_failed', expect.any(String)],
    [{ amount: 1_000_000_000_001 }, 400, 'validation_failed', expect.any(String)],
    [
      { items: [{ description: 'gold', price: 1_000_000_000_000, quantity: 1_000 }] },
      400,
      'validation_failed',
      expect.any(String),
    ],
  ])('refuses %j', async (body, status, code, error) => {
    const { token } = someone(shop);
    expect(refusal(await shop.http.post('/v1/orders', body, { token }))).toEqual({ status, code, error });
    expect((await shop.http.get<ListBody>('/v1/orders', { token })).body.total).toBe(0);
  });

  it('keeps a refusal of the shop beside its key, and forgets a request that was badly made', async () => {
    const { token } = someone(shop);
    const send = (body: object, idempotencyKey: string) =>
      shop.http.post('/v1/orders', body, { token, idempotencyKey });
    const changed = { items: [{ sku: 'MUG-BLUE', price: 1, quantity: 1 }] };
    const first = await send(changed, 'kept');
    const again = await send(changed, 'kept');
    expect([refusal(again), again.headers.get('idempotency-replayed')]).toEqual([refusal(first), 'true']);
    expect((await send({ amount: 0 }, 'forgotten')).status).toBe(400);
    expect((await send({ amount: 5 }, 'forgotten')).status).toBe(201);
  });

  it('needs somebody who is signed in', async () => {
    expect(refusal(await shop.http.post('/v1/orders', { amount: 5 }))).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  });
});

describe('what payments answers', () => {
  it('makes the order paid, once, and its history tells by whom', async () => {
    const { userId, token } = someone(shop);
    const id = await placed(shop, token);
    await pay(shop, id, userId);
    await eventually(async () => expect(await read(shop, id, token)).toMatchObject({ status: 'PAID', version: 2 }));
    const { body } = await shop.http.get<HistoryBody>(`/v1/orders/${id}/history`, { token });
    expect(body.entries).toEqual([
      { status: 'PENDING', actor: userId, at: expect.any(String), version: 1 },
      { status: 'PAID', actor: 'payments', at: expect.any(String), version: 2 },
    ]);
    const events = await shop.told(OrderEvent, id, 2);
    expect(events.map((event) => event.case)).toEqual(['created', 'statusChanged']);
    expect(await shop.database.sql`SELECT part, outcome, amount FROM order_part WHERE order_id = ${id}`).toEqual([
      { part: 'payment', outcome: 'SUCCESS', amount: '500' },
    ]);
  });

  it('cancels an order that could not be paid for, and says why', async () => {
    const { userId, token } = someone(shop);
    const id = await placed(shop, token);
    await pay(shop, id, userId, { status: 'FAILED', reason: 'INSUFFICIENT_FUNDS', amount: 0n });
    await eventually(async () =>
      expect(await read(shop, id, token)).toMatchObject({
        status: 'CANCELLED',
        cancellationReason: 'INSUFFICIENT_FUNDS',
        allowedActions: [],
      }),
    );
    const events = await shop.told(OrderEvent, id, 2);
    expect(events[1]).toMatchObject({
      case: 'cancelled',
      value: { source: 'PAYMENTS', previousStatus: 'PENDING', actor: 'payments' },
    });
  });

  it('changes nothing about an order that was cancelled meanwhile, and a refund is heard in silence', async () => {
    const { userId, token } = someone(shop);
    const id = await inStatus(shop, 'CANCELLED', { userId, token });
    await pay(shop, id, userId);
    await shop.tell(PaymentEvent, {
      key: id,
      owner: userId,
      version: 2,
      case: 'refunded',
      value: { orderId: id, amount: 500n, accountId: randomUUID() },
    });
    await eventually(() => shop.heard(id, 2));
    expect(await read(shop, id, token)).toMatchObject({
      status: 'CANCELLED',
      cancellationReason: 'CHANGED_MIND',
      version: 2,
    });
  });
});

it('anybody may look at the shelves', async () => {
  const { status, body } = await shop.http.get<{ items: object[] }>('/v1/catalogue');
  expect([status, body.items.length]).toEqual([200, 12]);
  expect(body.items[0]).toEqual({ sku: 'MUG-BLUE', description: 'Stoneware mug, cobalt blue, 350 ml', price: 89_000 });
});

it('gives no number twice, even when chance repeats itself', async () => {
  let draws = 0;
  const everyNumberTwice = { next: () => Math.floor(draws++ / 2) / 1_000 };
  await using unlucky = await startShop({ randomness: everyNumberTwice });
  const { token } = someone(unlucky);
  const ids = [];
  for (let n = 0; n < 10; n += 1) ids.push(await placed(unlucky, token));
  const numbers = await Promise.all(ids.map(async (id) => (await read(unlucky, id, token))['number']));
  expect(new Set(numbers).size).toBe(10);
});
