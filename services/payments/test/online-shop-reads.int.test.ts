import { randomUUID } from 'node:crypto';
import type { HttpReply } from '@g-store/testing';
import { get, openedBy, update } from './online-shop.js';
import type { OldAccount } from './online-shop.js';
import { startPaymentsForTest } from './running-payments.js';
import type { RunningPayments } from './running-payments.js';

let payments: RunningPayments;
beforeAll(async () => (payments = await startPaymentsForTest()));
afterAll(() => payments?.[Symbol.asyncDispose]());
afterEach(async () => expect(await payments.violations()).toEqual([]));

const opened = (balance = '0') => openedBy(payments, balance);

describe('GET /payment/account/get', () => {
  it('lists the accounts of everybody for staff and for a machine of the shop, newest first, page by page', async () => {
    const ids = [];
    for (const balance of ['1', '2.5', '3']) ids.unshift((await opened(balance)).userId);
    for (const http of [payments.staff, payments.machine]) {
      const first = await http.get<OldAccount[]>('/payment/account/get?limit=2');
      expect(first.body).toEqual([
        { user_id: ids[0], full_name: 'Anna', balance: 3 },
        { user_id: ids[1], full_name: 'Anna', balance: 2.5 },
      ]);
      const [, next = ''] = /^<([^>]*)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
      expect((await http.get<OldAccount[]>(next)).body[0]).toMatchObject({ user_id: ids[2] });
    }
    expect((await payments.staff.get<OldAccount[]>('/payment/account/get')).body.length).toBeLessThanOrEqual(20);
    expect((await payments.staff.get('/payment/account/get?cursor=nonsense')).status).toBe(400);
  });

  it('ends where the accounts do', async () => {
    const ids = [(await opened()).userId, (await opened()).userId];
    let path: string | undefined = '/payment/account/get?limit=1';
    const seen: string[] = [];
    while (path !== undefined) {
      const { body, headers: sent }: HttpReply<OldAccount[]> = await payments.staff.get<OldAccount[]>(path);
      expect(body).toHaveLength(1);
      seen.push(...body.map(({ user_id }) => user_id));
      path = /^<([^>]*)>/.exec(sent.get('link') ?? '')?.[1];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(ids));
  });

  it('is not for customers', async () => {
    expect((await payments.person().http.get('/payment/account/get')).status).toBe(403);
    expect((await payments.anonymous.get('/payment/account/get')).status).toBe(401);
  });
});

describe('GET /payment/account/get/{user_id}', () => {
  it.each([
    ['729.98', '729.98'],
    ['500.50', '500.5'],
    ['42', '42'],
    ['0', '0'],
    ['0.01', '0.01'],
    ['1.5e2', '150'],
    ['9999999999.99', '9999999999.99'],
  ])('writes a balance of %s as %s', async (balance, written) => {
    const { userId, http } = await opened(balance);
    expect((await get(http, userId)).text).toBe(`{"user_id":"${userId}","full_name":"Anna","balance":${written}}`);
  });

  it('writes the largest balance that there can be to the last hundredth', async () => {
    const { userId, http } = await opened('1');
    await payments.fillWallet(userId, BigInt(Number.MAX_SAFE_INTEGER));
    expect((await get(http, userId)).text).toContain('"balance":90071992547409.91}');
  });

  it('shows an account of no name with an empty one', async () => {
    const { userId, http } = payments.person();
    await http.post('/v1/accounts');
    expect((await get(http, userId)).body).toEqual({ user_id: userId, full_name: '', balance: 0 });
  });

  it('of somebody else looks exactly like none, but not to staff', async () => {
    const { userId, http } = await opened('5');
    const stranger = payments.person().http;
    const strip = ({ status, body }: HttpReply<object>) => ({ ...body, status, instance: '', traceId: '' });
    const anothers = strip(await get(stranger, userId));
    expect(anothers).toEqual(strip(await get(stranger, randomUUID())));
    expect(anothers).toEqual(strip(await get(payments.staff, randomUUID())));
    expect(anothers.status).toBe(404);
    for (const reader of [http, payments.staff, payments.machine])
      expect((await get(reader, userId)).body.balance).toBe(5);
    expect((await get(payments.anonymous, userId)).status).toBe(401);
    expect((await get(http, '17')).status).toBe(400);
  });

  it('is sent again only when it has changed', async () => {
    const { userId, http } = await opened('5');
    const again = () => http.get(`/payment/account/get/${userId}`, { headers: { 'if-none-match': '"1"' } });
    expect((await again()).status).toBe(304);
    await update(http, userId, '{"amount":1}');
    expect((await again()).status).toBe(200);
  });
});
