import { randomUUID } from 'node:crypto';
import type { HttpReply } from '@g-store/testing';
import { customerOf } from './customer.js';
import type { Account, Page } from './customer.js';
import { startPaymentsForTest } from './running-payments.js';
import type { RunningPayments } from './running-payments.js';

let payments: RunningPayments;
beforeAll(async () => (payments = await startPaymentsForTest()));
afterAll(() => payments?.[Symbol.asyncDispose]());
afterEach(async () => expect(await payments.violations()).toEqual([]));

const customer = (paidIn = 0) => customerOf(payments, paidIn);

const statuses = (replies: readonly HttpReply<unknown>[]): Record<number, number> =>
  Object.fromEntries([...Map.groupBy(replies, ({ status }) => status)].map(([status, same]) => [status, same.length]));

const times = <T>(n: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, index) => act(index)));

describe('an account', () => {
  it('is opened with both names of its id, empty, in the currency of the shop', async () => {
    const { opened, accountId, userId, http } = await customer();
    expect(opened).toEqual({ id: accountId, AccountID: accountId });
    expect((await http.get(`/v1/accounts/${accountId}`)).body).toEqual({
      id: accountId,
      userId,
      balance: 0,
      currency: 'RUB',
      version: 0,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
  });

  it('is opened once, however many times the button is pressed', async () => {
    const { http } = payments.person();
    const replies = await times(20, () => http.post<{ error?: string }>('/v1/accounts'));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 19 });
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'account_exists', error: 'account for user already exists' });
  });

  it('is not found until it is opened', async () => {
    expect((await payments.person().http.get('/v1/accounts/mine')).status).toBe(404);
  });

  it('of somebody else looks exactly like one that does not exist, to read and to change', async () => {
    const { accountId } = await customer(100);
    const { http } = payments.person();
    const strip = ({ status, body }: HttpReply<object>) => ({ status, body: { ...body, instance: '', traceId: '' } });
    for (const path of ['', '/transactions']) {
      const anothers = strip(await http.get<object>(`/v1/accounts/${accountId}${path}`));
      expect(anothers).toEqual(strip(await http.get<object>(`/v1/accounts/${randomUUID()}${path}`)));
      expect(anothers.status).toBe(404);
    }
    const anothers = strip(await http.patch<object>(`/v1/accounts/${accountId}`, { amount: 5 }));
    expect(anothers).toEqual(strip(await http.patch<object>(`/v1/accounts/${randomUUID()}`, { amount: 5 })));
    expect(anothers.status).toBe(404);
  });

  it('of anybody is read by staff and by a machine of the shop, but not by other customers', async () => {
    const { userId, accountId } = await customer(100);
    for (const path of [`/v1/accounts?userId=${userId}`, `/v1/accounts/${accountId}`]) {
      expect((await payments.staff.get<Account>(path)).body).toMatchObject({ id: accountId, balance: 100 });
      expect((await payments.machine.get<Account>(path)).body).toMatchObject({ id: accountId, balance: 100 });
    }
    expect((await payments.staff.get<Page>(`/v1/accounts/${accountId}/transactions`)).body.transactions).toHaveLength(
      1,
    );
    expect((await payments.person().http.get(`/v1/accounts?userId=${userId}`)).status).toBe(403);
    expect((await payments.anonymous.get(`/v1/accounts/${accountId}`)).status).toBe(401);
  });

  it('is sent again only when it has changed, and changed only from the version that was seen', async () => {
    const { accountId, http, topUp } = await customer(100);
    const path = `/v1/accounts/${accountId}`;
    const etag = (await http.get(path)).headers.get('etag') ?? '';
    expect((await http.get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const changed = await topUp(1, { headers: { 'if-match': etag } });
    expect([changed.status, changed.headers.get('etag')]).toEqual([204, '"2"']);
    expect((await topUp(1, { headers: { 'if-match': etag } })).body).toMatchObject({ code: 'version_conflict' });
    expect((await http.get<Account>(path, { headers: { 'if-none-match': etag } })).body.balance).toBe(101);
  });
});

describe('topping up', () => {
  it('counts every one of 200 payments made at the same time', async () => {
    const { topUp, balance, http, accountId } = await customer();
    expect(statuses(await times(200, (index) => topUp(index + 1)))).toEqual({ 204: 200 });
    expect(await balance()).toBe((200 * 201) / 2);

    const lines: Page['transactions'][number][] = [];
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const from: string = cursor === undefined ? '' : `&cursor=${cursor}`;
      const { body, headers } = await http.get<Page>(`/v1/accounts/${accountId}/transactions?limit=30${from}`);
      lines.push(...body.transactions);
      cursor = body.nextCursor;
      expect(headers.has('link')).toBe(cursor !== null);
    }
    expect(lines.map(({ amount }) => amount).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    lines.forEach(({ balanceAfter, amount }, index) =>
      expect(balanceAfter - amount).toBe(lines[index + 1]?.balanceAfter ?? 0),
    );
  });

  it('counts once what was sent many times with one Idempotency-Key', async () => {
    const { topUp, balance } = await customer();
    const idempotencyKey = randomUUID();
    const replies = await times(20, () => topUp(50, { idempotencyKey }));
    expect(statuses(replies)).toEqual({ 204: 20 });
    expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
    expect(await balance()).toBe(50);
    expect((await topUp(51, { idempotencyKey })).status).toBe(422);
  });

  it.each([0, -1, 1.5, '5', 1e13, null])('takes no payment of %p', async (amount) => {
    const { topUp, balance } = await customer(7);
    expect((await topUp(amount)).status).toBe(400);
    expect(await balance()).toBe(7);
  });

  it('says what is wrong with a payment of nothing', async () => {
    const { topUp } = await customer();
    expect((await topUp(0)).body).toMatchObject({ code: 'validation_failed', error: 'order amount must be positive' });
  });

  it('stops at the largest balance that a client can still read exactly', async () => {
    const { topUp, balance, userId } = await customer(1);
    const limit = Number.MAX_SAFE_INTEGER;
    await payments.fillWallet(userId, BigInt(limit) - 10n);
    expect((await topUp(11)).body).toMatchObject({ status: 409, code: 'balance_limit' });
    expect((await topUp(10)).status).toBe(204);
    expect(await balance()).toBe(limit);
  });
});

it('describes every route of its own to whoever asks', async () => {
  const { body } = await payments.anonymous.get<{ paths: Record<string, object> }>('/swagger/doc.json');
  const own = Object.entries(body.paths).filter(([path]) => path.startsWith('/v1/accounts'));
  expect(own.flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)).sort()).toEqual([
    'get /v1/accounts',
    'get /v1/accounts/mine',
    'get /v1/accounts/{id}',
    'get /v1/accounts/{id}/transactions',
    'patch /v1/accounts/{id}',
    'post /v1/accounts',
  ]);
});
