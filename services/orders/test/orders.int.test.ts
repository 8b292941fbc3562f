import { randomUUID } from 'node:crypto';
import { OrderEvent, PaymentEvent, type PaymentProcessed } from '@g-store/contracts';
import { eventually, type HttpReply } from '@g-store/testing';
import { startShop, type Shop } from './shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

interface OrderBody {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly allowedActions: readonly string[];
  readonly [field: string]: unknown;
}
interface ListBody {
  readonly orders: readonly OrderBody[];
  readonly total: number;
  readonly page: number;
  readonly limit: number;
  readonly nextCursor: string | null;
}
interface ProblemBody {
  readonly code: string;
  readonly error: string;
  readonly detail: string;
}

const refusal = ({ status, body }: HttpReply<unknown>) => {
  const { code, error } = body as ProblemBody;
  return { status, code, error };
};

async function placed(token: string, body: object = { amount: 500 }): Promise<string> {
  const reply = await shop.http.post<{ orderId: string }>('/v1/orders', body, { token });
  expect(reply.status).toBe(201);
  return reply.body.orderId;
}

/** What payments would tell about an order. */
const pay = (orderId: string, owner: string, outcome: Partial<PaymentProcessed> = {}, version = 1) =>
  shop.tell(PaymentEvent, {
    key: orderId,
    owner,
    version,
    case: 'processed',
    value: { orderId, status: 'SUCCESS', amount: 500n, ...outcome },
  });

async function inStatus(status: string, userId: string, token: string): Promise<string> {
  const id = await placed(token);
  if (status === 'CANCELLED') await shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token });
  if (status === 'PENDING' || status === 'CANCELLED') return id;
  await pay(id, userId);
  await eventually(async () => expect((await read(id, token)).status).toBe('PAID'));
  const steps = ['PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];
  for (const step of steps.slice(1, steps.indexOf(status) + 1))
    expect(
      (await shop.http.patch(`/v1/staff/orders/${id}/status`, { status: step }, { staffKey: shop.staffKey })).status,
    ).toBe(204);
  return id;
}

const read = async (id: string, token: string): Promise<OrderBody> =>
  (await shop.http.get<OrderBody>(`/v1/orders/${id}`, { token })).body;

const someone = () => {
  const userId = randomUUID();
  return { userId, token: shop.tokens.issue({ sub: userId }) };
};

describe('placing an order', () => {
  it('answers with its id and place, and the order reads back as it was placed', async () => {
    const { userId, token } = someone();
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
    const order = await read(id, token);
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
    const { userId, token } = someone();
    const id = await placed(token, {
      items: [
        { sku: 'MUG-BLUE', quantity: 2 },
        { description: 'Wrap', price: 1, quantity: 1 },
      ],
    });
    const [event] = await eventually(() => shop.told(OrderEvent, id, 1));
    expect(event).toMatchObject({
      case: 'created',
      meta: { aggregateId: id, aggregateVersion: 1, owner: userId },
      value: { amount: 178_001n, currency: 'RUB', pointsToSpend: 0n },
    });
    expect((event?.value as { items: unknown }).items).toEqual([
      { sku: 'MUG-BLUE', description: 'Stoneware mug, cobalt blue, 350 ml', price: 89_000n, quantity: 2 },
      { description: 'Wrap', price: 1n, quantity: 1 },
    ]);
  });

  it('is done once, however often the same key is sent', async () => {
    const { token } = someone();
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
    [{ amount: 5, pointsToSpend: 1 }, 400, 'points_unavailable', expect.any(String)],
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
    const { token } = someone();
    expect(refusal(await shop.http.post('/v1/orders', body, { token }))).toEqual({ status, code, error });
    expect((await shop.http.get<ListBody>('/v1/orders', { token })).body.total).toBe(0);
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
    const { userId, token } = someone();
    const id = await placed(token);
    await pay(id, userId);
    await eventually(async () => expect(await read(id, token)).toMatchObject({ status: 'PAID', version: 2 }));
    const { body } = await shop.http.get<{ entries: unknown[] }>(`/v1/orders/${id}/history`, { token });
    expect(body.entries).toEqual([
      { status: 'PENDING', actor: userId, at: expect.any(String), version: 1 },
      { status: 'PAID', actor: 'payments', at: expect.any(String), version: 2 },
    ]);
    const events = await eventually(() => shop.told(OrderEvent, id, 2));
    expect(events.map((event) => event.case)).toEqual(['created', 'statusChanged']);
    expect(await shop.database.sql`SELECT part, outcome, amount FROM order_part WHERE order_id = ${id}`).toEqual([
      { part: 'payment', outcome: 'SUCCESS', amount: '500' },
    ]);
  });

  it('cancels an order that could not be paid for, and says why', async () => {
    const { userId, token } = someone();
    const id = await placed(token);
    await pay(id, userId, { status: 'FAILED', reason: 'INSUFFICIENT_FUNDS', amount: 0n });
    await eventually(async () =>
      expect(await read(id, token)).toMatchObject({
        status: 'CANCELLED',
        cancellationReason: 'INSUFFICIENT_FUNDS',
        allowedActions: [],
      }),
    );
    const events = await eventually(() => shop.told(OrderEvent, id, 2));
    expect(events[1]).toMatchObject({
      case: 'cancelled',
      value: { source: 'PAYMENTS', previousStatus: 'PENDING', actor: 'payments' },
    });
  });

  it('changes nothing about an order that was cancelled meanwhile, and a refund is heard in silence', async () => {
    const { userId, token } = someone();
    const id = await inStatus('CANCELLED', userId, token);
    await pay(id, userId);
    await shop.tell(PaymentEvent, {
      key: id,
      owner: userId,
      version: 2,
      case: 'refunded',
      value: { orderId: id, amount: 500n, accountId: randomUUID() },
    });
    await eventually(() => shop.heard(id, 2));
    expect(await read(id, token)).toMatchObject({
      status: 'CANCELLED',
      cancellationReason: 'CHANGED_MIND',
      version: 2,
    });
  });
});

describe('cancelling', () => {
  it.each(['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING'])(
    'is possible while the order is %s',
    async (status) => {
      const { userId, token } = someone();
      const id = await inStatus(status, userId, token);
      const body = { cancellationReason: 'CHANGED_MIND' };
      expect(await shop.http.post(`/v1/orders/${id}/cancel`, body, { token })).toMatchObject({ status: 204, text: '' });
      expect(await read(id, token)).toMatchObject({ status: 'CANCELLED', cancellationReason: 'CHANGED_MIND' });
    },
  );

  it('is refused the second time, and once the goods are issued', async () => {
    const { userId, token } = someone();
    const cancelled = await inStatus('CANCELLED', userId, token);
    expect(refusal(await shop.http.post(`/v1/orders/${cancelled}/cancel`, undefined, { token }))).toEqual({
      status: 409,
      code: 'order_already_cancelled',
      error: 'order already canceled',
    });
    const issued = await inStatus('ISSUED', userId, token);
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
    const { token } = someone();
    const id = await placed(token);
    const headers = { 'content-type': 'application/json' };
    expect((await shop.http.post(`/v1/orders/${id}/cancel`, body, { token, headers })).status).toBe(400);
    expect((await read(id, token)).status).toBe('PENDING');
  });

  it('leaves one cancellation of many at once', async () => {
    const { token } = someone();
    const id = await placed(token);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 9 }, () => 409)]);
    expect(await read(id, token)).toMatchObject({ version: 2 });
  });
});

describe("somebody else's order", () => {
  it('answers like one that does not exist, byte for byte', async () => {
    const { token: hers } = someone();
    const { token: his } = someone();
    const id = await placed(hers);
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
    expect((await read(id, hers)).status).toBe('PENDING');
    expect((await shop.http.get<ListBody>('/v1/orders', { token: his })).body.orders).toEqual([]);
  });

  it('is shown to staff, and the same id in capitals is the same order', async () => {
    const { token } = someone();
    const id = await placed(token);
    expect(await read(id.toUpperCase(), shop.staffToken)).toMatchObject({ id, allowedActions: ['cancel'] });
    expect((await shop.http.get('/v1/orders/17', { token })).status).toBe(400);
  });
});

describe('the version of an order', () => {
  it('spares a reader who has it already, and stops a writer who has an older one', async () => {
    const { userId, token } = someone();
    const id = await inStatus('PAID', userId, token);
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
    const { token } = someone();
    const all = [];
    for (let n = 1; n <= 5; n += 1) all.unshift(await placed(token, { amount: n }));
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
    const newer = await placed(token);
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

describe('the staff', () => {
  it('finds orders by status, person and what is written on them', async () => {
    const { userId, token } = someone();
    const paid = await inStatus('PAID', userId, token);
    const pending = await placed(token, { amount: 7, description: 'Something very blue' });
    const find = async (query: string) => {
      const reply = await shop.http.get<ListBody>(`/v1/staff/orders?${query}`, { staffKey: shop.staffKey });
      return reply.body.orders.map(({ id }) => id);
    };
    expect(await find(`userId=${userId}`)).toEqual([pending, paid]);
    expect(await find(`userId=${userId}&status=PAID&q=`)).toEqual([paid]);
    expect(await find(`q=VERY+BLUE`)).toEqual([pending]);
    const { number } = await read(paid, token);
    expect(await find(`q=${String(number)}`)).toEqual([paid]);
    expect((await read(paid, shop.staffToken)).allowedActions).toEqual(['cancel', 'status:ASSEMBLING']);
    expect(refusal(await shop.http.get('/v1/staff/orders?status=LOST', { staffKey: shop.staffKey }))).toMatchObject({
      status: 400,
      code: 'invalid_status',
    });
    expect((await shop.http.get('/v1/staff/orders?userId=7', { staffKey: shop.staffKey })).status).toBe(400);
  });

  it('moves a paid order to its customer step by step, each act written down once', async () => {
    const { userId, token } = someone();
    const id = await inStatus('ISSUED', userId, token);
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
    const events = await eventually(() => shop.told(OrderEvent, id, 6));
    expect(events.map(({ meta }) => meta.aggregateVersion)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await shop.database.sql`SELECT version FROM order_history WHERE order_id = ${id} ORDER BY 1`).toHaveLength(
      6,
    );
  });

  it('cancels for a reason of the store, and for no other', async () => {
    const { token } = someone();
    const id = await placed(token);
    const cancel = (body: unknown) => shop.http.post(`/v1/staff/orders/${id}/cancel`, body, { token: shop.staffToken });
    for (const body of [
      undefined,
      {},
      { cancellationReason: 'CHANGED_MIND' },
      { cancellationReason: 'OUT_OF_STOCK', x: 1 },
    ])
      expect((await cancel(body)).status).toBe(400);
    expect((await cancel({ cancellationReason: 'DELIVERY_UNAVAILABLE' })).status).toBe(204);
    expect(await read(id, token)).toMatchObject({ status: 'CANCELLED', cancellationReason: 'DELIVERY_UNAVAILABLE' });
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
    const { userId, token } = someone();
    const id = await inStatus(from, userId, token);
    const reply = await shop.http.patch(`/v1/staff/orders/${id}/status`, { status: to }, { staffKey: shop.staffKey });
    expect(refusal(reply)).toMatchObject({ status, error });
    expect((await read(id, token)).status).toBe(from);
  });

  it('is nobody without the right to it', async () => {
    const { token } = someone();
    const id = await placed(token);
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

it('anybody may look at the shelves', async () => {
  const { status, body } = await shop.http.get<{ items: object[] }>('/v1/catalogue');
  expect([status, body.items.length]).toEqual([200, 12]);
  expect(body.items[0]).toEqual({ sku: 'MUG-BLUE', description: 'Stoneware mug, cobalt blue, 350 ml', price: 89_000 });
});
