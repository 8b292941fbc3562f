import {
  balanceBecomes,
  balanceOf,
  becomes,
  cancel,
  customer,
  expectStatus,
  http,
  orderOf,
  person,
  placeOrder,
  staff,
  watch,
} from './shop';
import { gateway, portOf, secret } from './stack';

const statusesOf = (
  frames: readonly { type: string; data: { orderId?: string; status?: string } }[],
  orderId: string,
) =>
  frames
    .filter((frame) => frame.data.orderId === orderId && frame.type.startsWith('order.'))
    .map((frame) => frame.data.status ?? frame.type);

describe('a customer', () => {
  it('places an order and sees it paid without asking; staff moves it to issued', async () => {
    const anna = await customer(50_000);
    const olga = await staff();
    await using socket = await watch(anna);
    socket.send({ type: 'subscribe', scope: 'mine' });
    await socket.frame(({ type }) => type === 'subscribed');
    const id = await placeOrder(anna, 12_345);
    await socket.frame(
      ({ type, data }) => type === 'order.status.changed' && data.orderId === id && data.status === 'PAID',
    );
    for (const status of ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED']) {
      expectStatus(await http.patch(`/api/orders/v1/staff/orders/${id}/status`, { status }, olga), 204);
      await socket.frame(({ data }) => data.orderId === id && data.status === status);
    }
    expect(statusesOf(socket.frames, id)).toEqual([
      'PENDING',
      'PAID',
      'ASSEMBLING',
      'ASSEMBLED',
      'DELIVERING',
      'ISSUED',
    ]);
    expect(await balanceOf(anna)).toBe(50_000 - 12_345);
    const { entries } = expectStatus(
      await http.get<{ entries: { status: string; version: number }[] }>(`/api/orders/v1/orders/${id}/history`, anna),
      200,
    );
    expect(entries.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('changes their mind and has the money back', async () => {
    const anna = await customer(10_000);
    const id = await placeOrder(anna, 4_000);
    await becomes(anna, id, 'PAID');
    expect((await cancel(anna, id)).status).toBe(204);
    await balanceBecomes(anna, 10_000);
    expect(await orderOf(anna, id)).toMatchObject({ status: 'CANCELLED', cancellationReason: 'CHANGED_MIND' });
    expect((await cancel(anna, id)).body).toMatchObject({
      status: 409,
      code: 'order_already_cancelled',
      error: 'order already canceled',
    });
  });

  it('is told why an order without money, or without an account, was cancelled', async () => {
    const poor = await customer(100);
    expect(await becomes(poor, await placeOrder(poor, 101), 'CANCELLED')).toMatchObject({
      cancellationReason: 'INSUFFICIENT_FUNDS',
    });
    const newcomer = await person();
    expect(await becomes(newcomer, await placeOrder(newcomer, 1), 'CANCELLED')).toMatchObject({
      cancellationReason: 'NO_PAYMENT_ACCOUNT',
    });
    expect(await balanceOf(poor)).toBe(100);
  });

  it('may spend the last cent', async () => {
    const anna = await customer(7_777);
    await becomes(anna, await placeOrder(anna, 7_777), 'PAID');
    expect(await balanceOf(anna)).toBe(0);
  });

  it('sees nothing of anybody else, and learns nothing of what there is', async () => {
    const [anna, boris] = [await customer(1_000), await customer(1_000)];
    const id = await placeOrder(anna, 500);
    const foreign = await http.get<Record<string, unknown>>(`/api/orders/v1/orders/${id}`, boris);
    const missing = await http.get<Record<string, unknown>>(
      '/api/orders/v1/orders/01890000-0000-7000-8000-000000000000',
      boris,
    );
    const comparable = ({ instance: _instance, traceId: _traceId, ...rest }: Record<string, unknown>) => rest;
    expect([foreign.status, comparable(foreign.body)]).toEqual([404, comparable(missing.body)]);
    expect((await cancel(boris, id)).status).toBe(404);
  });
});

describe('somebody without a credential', () => {
  it('gets nothing by saying who they are', async () => {
    const anna = await customer(0);
    const reply = await http.get('/api/orders/v1/orders', { headers: { 'x-user-id': anna.id } });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  });

  it('gets the catalogue, and every service’s Swagger through the gateway', async () => {
    expectStatus(await http.get('/api/orders/v1/catalogue'), 200);
    for (const service of ['orders', 'payments', 'points', 'identity', 'notifications', 'accrual']) {
      const page = await http.get(`/api/${service}/swagger/index.html`);
      const spec = await http.get<{ openapi: string; servers: { url: string }[] }>(`/api/${service}/swagger/doc.json`);
      expect([page.status, spec.body.openapi]).toEqual([200, expect.stringMatching(/^3\.1\./)]);
      // "Try it out" calls the server that the document names, seen from where the document lies.
      const tried = new URL(spec.body.servers[0]?.url ?? '', `${gateway}/api/${service}/swagger/doc.json`).href;
      expect(tried.replace(/\/$/, '')).toBe(`${gateway}/api/${service}`);
    }
  });

  it('finds the Gophermart API alone on a page of its own, at the gateway’s list and at 8082', async () => {
    expect((await http.get('/docs/')).text).toContain('<a href="/api/points/docs/">Gophermart</a>');
    for (const from of [`${gateway}/api/points`, portOf(8_082)]) {
      const asked = await fetch(`${from}/docs`);
      expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('<title>Gophermart</title>')]);
      const init = await (await fetch(`${from}/docs/swagger-ui-init.js`)).text();
      const url = new URL(/"url": "([^"]+)"/.exec(init)?.[1] ?? '', `${from}/docs/`);
      const { paths } = (await (await fetch(url)).json()) as { paths: Record<string, object> };
      expect(Object.keys(paths).every((path) => path.startsWith('/api/user/'))).toBe(true);
      expect(Object.keys(paths)).toHaveLength(4);
    }
  });
});

describe('a machine', () => {
  it('moves orders along with a staff key, and a wrong key is nobody', async () => {
    const anna = await customer(5_000);
    const id = await placeOrder(anna, 5_000);
    await becomes(anna, id, 'PAID');
    const move = (staffKey: string) =>
      http.patch(`/api/orders/v1/staff/orders/${id}/status`, { status: 'ASSEMBLING' }, { staffKey });
    expect((await move('wrong')).status).toBe(401);
    expect((await move(secret('staff-api-key'))).status).toBe(204);
  });
});

describe('signing out', () => {
  it('takes effect at every service and on open sockets', async () => {
    const anna = await customer(0);
    await using socket = await watch(anna);
    expectStatus(await http.delete('/api/identity/v1/sessions', undefined, anna), 204);
    expect(await socket.closed).toMatchObject({ code: 4403 });
    for (const path of [
      '/api/orders/v1/orders',
      '/api/payments/v1/accounts/mine',
      '/api/points/v1/accounts/mine',
      '/api/user/balance',
      '/api/notifications/v1/notifications',
    ]) {
      expect((await http.get(path, anna)).status).toBe(401);
    }
  });
});
