import { OrderEvent } from '@g-store/contracts';
import { eventually } from '@g-store/testing';
import { inStatus, pay, placed, read, refusal, someone, type Customer, type HistoryBody } from './people.js';
import { earn, giveBack, heardOfPoints, refuseToSpend, spend } from './points.js';
import { startShop, type Shop } from './shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop[Symbol.asyncDispose]());
afterEach(async () => expect(await shop.parked()).toEqual([]));

/** Somebody who pays 120 of 500 with points, and what may happen to the order then. */
async function wantsToSpend({ userId, token }: Customer = someone(shop), points = 120) {
  const id = await placed(shop, token, { amount: 500, pointsToSpend: points });
  const about = { id, owner: userId, points: BigInt(points) };
  const amount = 500n - about.points;
  const heard = async (answer: 'charged' | 'broke' | 'spent' | 'pointless') => {
    if (answer === 'spent' || answer === 'pointless') return heardOfPoints(shop, id);
    await eventually(async () => expect(await shop.heard(id, 1)).toBe(true));
  };
  return {
    id,
    userId,
    token,
    about,
    charged: () => pay(shop, id, userId, { amount }),
    broke: () => pay(shop, id, userId, { status: 'FAILED', reason: 'INSUFFICIENT_FUNDS', amount }),
    spent: () => spend(shop, about),
    pointless: () => refuseToSpend(shop, about),
    cancel: async () => void (await shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token })),
    heard,
    heardBoth: async () => {
      await heard('charged');
      await heard('spent');
    },
    path: async () => {
      const { body } = await shop.http.get<HistoryBody>(`/v1/orders/${id}/history`, { token });
      return body.entries.map((entry) => entry.status + ('reason' in entry ? ` ${String(entry.reason)}` : '')).join();
    },
  };
}

describe('an order paid partly with points', () => {
  it('tells payments and points what is theirs', async () => {
    const { id } = await wantsToSpend();
    const [event] = await shop.told(OrderEvent, id, 1);
    expect(event).toMatchObject({ case: 'created', value: { amount: 500n, pointsToSpend: 120n } });
  });

  it.each([
    ['charged', 'spent', 'PENDING,PAID', 120],
    ['spent', 'charged', 'PENDING,PAID', 120],
    ['charged', 'pointless', 'PENDING,CANCELLED INSUFFICIENT_POINTS', 0],
    ['pointless', 'charged', 'PENDING,CANCELLED INSUFFICIENT_POINTS', 0],
    ['broke', 'spent', 'PENDING,CANCELLED INSUFFICIENT_FUNDS', 0],
    ['spent', 'broke', 'PENDING,CANCELLED INSUFFICIENT_FUNDS', 0],
    ['broke', 'pointless', 'PENDING,CANCELLED INSUFFICIENT_FUNDS', 0],
    ['pointless', 'broke', 'PENDING,CANCELLED INSUFFICIENT_POINTS', 0],
  ] as const)('that is first %s, then %s, goes %s', async (first, second, path, spent) => {
    const order = await wantsToSpend();
    await order[first]();
    await order.heard(first);
    await order[second]();
    await order.heardBoth();
    expect(await order.path()).toBe(path);
    expect(await read(shop, order.id, order.token)).toMatchObject({ points: { spent, earned: 0 } });
  });

  it('says who refused it', async () => {
    const order = await wantsToSpend();
    await order.pointless();
    const [, cancelled] = await shop.told(OrderEvent, order.id, 2);
    expect(cancelled).toMatchObject({
      case: 'cancelled',
      value: { reason: 'INSUFFICIENT_POINTS', source: 'POINTS', previousStatus: 'PENDING', actor: 'points' },
    });
  });

  it('needs no money when points pay for all of it, but waits for both answers', async () => {
    const order = await wantsToSpend(someone(shop), 500);
    await order.spent();
    await heardOfPoints(shop, order.id);
    expect((await read(shop, order.id, order.token)).status).toBe('PENDING');
    await order.charged();
    await order.heardBoth();
    expect(await read(shop, order.id, order.token)).toMatchObject({
      status: 'PAID',
      points: { spent: 500, earned: 0 },
    });
  });

  it('has spent nothing any more once it is cancelled, however late', async () => {
    const order = await wantsToSpend();
    await order.spent();
    await order.charged();
    await order.heardBoth();
    await shop.http.patch(`/v1/staff/orders/${order.id}/status`, { status: 'ASSEMBLING' }, { staffKey: shop.staffKey });
    expect(await read(shop, order.id, order.token)).toMatchObject({ status: 'ASSEMBLING', points: { spent: 120 } });
    await order.cancel();
    await giveBack(shop, order.about);
    await heardOfPoints(shop, order.id, 2);
    expect(await order.path()).toBe('PENDING,PAID,ASSEMBLING,CANCELLED CHANGED_MIND');
    expect(await read(shop, order.id, order.token)).toMatchObject({ points: { spent: 0, earned: 0 }, version: 4 });
  });

  it('takes one path, told version by version, when both answers and a cancellation come at once', async () => {
    const customer = someone(shop);
    const orders = await Promise.all(Array.from({ length: 24 }, () => wantsToSpend(customer)));
    await Promise.all(
      orders.flatMap((order, i) => {
        const acts = [i % 4 < 2 ? order.charged : order.broke, i % 2 ? order.spent : order.pointless, order.cancel];
        return [0, 1, 2].map((n) => acts[(i + n) % 3]?.());
      }),
    );
    for (const [i, order] of orders.entries()) {
      await order.heardBoth();
      const paths = ['PENDING,CANCELLED CHANGED_MIND'];
      if (i % 4 >= 2) paths.push('PENDING,CANCELLED INSUFFICIENT_FUNDS');
      if (i % 2 === 0) paths.push('PENDING,CANCELLED INSUFFICIENT_POINTS');
      if (i % 4 === 1) paths.push('PENDING,PAID,CANCELLED CHANGED_MIND');
      const path = await order.path();
      expect(paths).toContain(path);
      const count = path.split(',').length;
      const events = await shop.told(OrderEvent, order.id, count);
      expect(events.map(({ meta }) => meta.aggregateVersion)).toEqual([1, 2, 3].slice(0, count));
      expect(await read(shop, order.id, order.token)).toMatchObject({ points: { spent: 0, earned: 0 } });
    }
  });
});

describe('what points change beside the version of an order', () => {
  const get = async (id: string, token: string, tag?: string) => {
    const headers = tag === undefined ? {} : { 'if-none-match': tag };
    const { status, headers: sent } = await shop.http.get(`/v1/orders/${id}`, { token, headers });
    return { status, etag: sent.get('etag') ?? '' };
  };

  it('is read by whoever has read the order before, and is no reason to refuse a change', async () => {
    const { id, token, spent } = await wantsToSpend();
    const { etag } = await get(id, token);
    expect(await get(id, token, etag)).toEqual({ status: 304, etag: '"1"' });
    await spent();
    await heardOfPoints(shop, id);
    expect(await get(id, token, etag)).toEqual({ status: 200, etag: '"1.1"' });
    expect(await get(id, token, '"1.1"')).toEqual({ status: 304, etag: '"1.1"' });
    expect(await read(shop, id, token)).toMatchObject({ version: 1, points: { spent: 120, earned: 0 } });
    const cancel = (tag: string) =>
      shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token, headers: { 'if-match': tag } });
    expect(refusal(await cancel('"2.1"'))).toMatchObject({ status: 412, code: 'version_conflict' });
    expect((await cancel('"1.1"')).status).toBe(204);
  });

  it('is also what an issued order has earned, once', async () => {
    const customer = someone(shop);
    const id = await inStatus(shop, 'ISSUED', customer);
    const { etag } = await get(id, customer.token);
    await earn(shop, { owner: customer.userId, points: 25n, version: 1, orderId: id });
    await earn(shop, { owner: customer.userId, points: 99n, version: 2 });
    await earn(shop, { owner: customer.userId, points: 77n, version: 3, orderId: id });
    await heardOfPoints(shop, customer.userId, 3);
    expect(await get(id, customer.token, etag)).toEqual({ status: 200, etag: '"6.1"' });
    expect(await read(shop, id, customer.token)).toMatchObject({ version: 6, points: { spent: 0, earned: 25 } });
    expect(await shop.told(OrderEvent, id, 6)).toHaveLength(6);
  });
});

it('where points are switched off nobody can spend any, but orders that wait for them are settled', async () => {
  await using off = await startShop({}, { POINTS_ENABLED: 'off' });
  const { userId, token } = someone(off);
  const ask = (body: object) => off.http.post('/v1/orders', body, { token, idempotencyKey: 'again' });
  expect(refusal(await ask({ amount: 5, pointsToSpend: 1 }))).toMatchObject({
    status: 400,
    code: 'points_unavailable',
  });
  expect((await ask({ items: [{ sku: 'MUG-BLUE', quantity: 1 }], pointsToSpend: 1 })).status).toBe(400);
  expect((await ask({ amount: 5, pointsToSpend: 0 })).status).toBe(201);
  const id = await placed(off, token);
  await off.database.sql`UPDATE orders SET points_to_spend = 120 WHERE id = ${id}`;
  await spend(off, { id, owner: userId, points: 120n });
  await pay(off, id, userId, { amount: 380n });
  await eventually(async () =>
    expect(await read(off, id, token)).toMatchObject({ status: 'PAID', points: { spent: 120, earned: 0 } }),
  );
});
