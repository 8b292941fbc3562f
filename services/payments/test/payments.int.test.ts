import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import type { HttpReply } from '@g-store/testing';
import { startPaymentsForTest } from './running-payments.js';
import type { RunningPayments } from './running-payments.js';

let payments: RunningPayments;
beforeAll(async () => (payments = await startPaymentsForTest()));
afterAll(() => payments[Symbol.asyncDispose]());
afterEach(async () => expect(await payments.violations()).toEqual([]));

interface Page {
  readonly transactions: readonly {
    id: string;
    type: string;
    direction: string;
    amount: number;
    balanceAfter: number;
    orderId?: string;
  }[];
  readonly nextCursor: string | null;
}
type Account = { readonly id: string; readonly balance: number; readonly version: number };

async function customer(paidIn = 0) {
  const { userId, http } = payments.person();
  const { body } = await http.post<{ id: string; AccountID: string }>('/v1/accounts');
  const topUp = (amount: unknown, options = {}) => http.patch(`/v1/accounts/${body.id}`, { amount }, options);
  if (paidIn > 0) await topUp(paidIn);
  const balance = async () => (await http.get<Account>('/v1/accounts/mine')).body.balance;
  const order = (amount: bigint, pointsToSpend = 0n) => ({ id: randomUUID(), owner: userId, amount, pointsToSpend });
  return { userId, http, accountId: body.id, opened: body, topUp, balance, order };
}

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

describe('an order', () => {
  it('is charged when it is placed, and given back when it is cancelled', async () => {
    const { order, balance, http, accountId } = await customer(1_000);
    const placed = order(400n);
    await payments.orders.created(placed);
    expect(await balance()).toBe(600);
    await payments.orders.cancelled(placed, 2);
    expect(await balance()).toBe(1_000);
    const { transactions } = (await http.get<Page>(`/v1/accounts/${accountId}/transactions`)).body;
    expect(transactions).toMatchObject([
      { type: 'REFUND', direction: 'IN', amount: 400, orderId: placed.id, balanceAfter: 1_000 },
      { type: 'CHARGE', direction: 'OUT', amount: 400, orderId: placed.id, balanceAfter: 600 },
      { type: 'TOP_UP', direction: 'IN', amount: 1_000, balanceAfter: 1_000 },
    ]);
    expect(await payments.toldOf(placed.id, 2)).toMatchObject([
      { case: 'processed', version: 1, value: { orderId: placed.id, status: 'SUCCESS', amount: 400n, accountId } },
      { case: 'refunded', version: 2, value: { orderId: placed.id, amount: 400n, accountId } },
    ]);
    expect(await payments.toldOf(accountId, 3)).toMatchObject([
      { case: 'balanceChanged', version: 1, value: { kind: 'TOP_UP', change: 1_000n, balance: 1_000n } },
      {
        case: 'balanceChanged',
        version: 2,
        value: { kind: 'CHARGE', change: -400n, balance: 600n, orderId: placed.id },
      },
      {
        case: 'balanceChanged',
        version: 3,
        value: { kind: 'REFUND', change: 400n, balance: 1_000n, accountVersion: 3 },
      },
    ]);
  });

  it('costs nothing when its cancellation arrives before it', async () => {
    const { order, balance } = await customer(1_000);
    const placed = order(400n);
    await payments.orders.cancelled(placed, 2);
    await payments.orders.created(placed, 1);
    expect(await balance()).toBe(1_000);
    expect(await payments.stateOf(placed.id)).toBe('cancelled');
    expect(await payments.toldOf(placed.id, 0)).toEqual([]);
  });

  it('is given back when it was paid and is cancelled later, with news in between missing', async () => {
    const { order, balance } = await customer(1_000);
    const placed = order(400n);
    await payments.orders.created(placed);
    await payments.orders.cancelled(placed, 4);
    expect(await balance()).toBe(1_000);
    await payments.orders.moved(placed, 2, 'PENDING', 'PAID');
    expect(await payments.stateOf(placed.id)).toBe('refunded');
  });

  it('is earned when it is issued: clearing is empty, and revenue has it', async () => {
    const { order, balance } = await customer(1_000);
    const placed = order(400n);
    const before = await payments.balanceOf('revenue');
    await payments.orders.created(placed);
    expect(await payments.balanceOf(`clearing:${placed.id}`)).toBe(400n);
    await payments.orders.moved(placed, 2, 'PENDING', 'PAID');
    await payments.orders.moved(placed, 3, 'DELIVERING', 'ISSUED');
    expect(await payments.balanceOf(`clearing:${placed.id}`)).toBe(0n);
    expect((await payments.balanceOf('revenue')) - before).toBe(400n);
    expect(await balance()).toBe(600);
  });

  it('that points pay for needs no account', async () => {
    const placed = { id: randomUUID(), owner: randomUUID(), amount: 500n, pointsToSpend: 500n };
    await payments.orders.created(placed);
    expect(await payments.toldOf(placed.id, 1)).toMatchObject([{ value: { status: 'SUCCESS', amount: 0n } }]);
  });

  it('fails without an account, and with a kopeck too little in it', async () => {
    const poor = await customer(399);
    const stranger = { id: randomUUID(), owner: randomUUID(), amount: 400n };
    const placed = poor.order(400n);
    await payments.orders.created(stranger);
    await payments.orders.created(placed);
    expect(await payments.toldOf(stranger.id, 1)).toMatchObject([
      { value: { status: 'FAILED', reason: 'NO_PAYMENT_ACCOUNT' } },
    ]);
    expect(await payments.toldOf(placed.id, 1)).toMatchObject([
      { value: { status: 'FAILED', reason: 'INSUFFICIENT_FUNDS' } },
    ]);
    expect(await poor.balance()).toBe(399);
  });

  it('is paid as often as the money lasts when many are placed at once', async () => {
    const { order, balance } = await customer(1_900);
    const placed = Array.from({ length: 20 }, () => order(100n));
    await Promise.all(placed.map((each) => payments.orders.created(each)));
    expect(await balance()).toBe(0);
    const states = await Promise.all(placed.map(({ id }) => payments.stateOf(id)));
    expect(states.sort()).toEqual([...Array(19).fill('charged'), 'refused']);
  });

  it('loses nothing when customers pay in, order and cancel all at once', async () => {
    const { topUp, order, balance } = await customer(10_000);
    const placed = Array.from({ length: 30 }, () => order(100n));
    await Promise.all([
      ...Array.from({ length: 50 }, () => topUp(10)),
      ...placed.map((each) => payments.orders.created(each).then(() => payments.orders.cancelled(each, 2))),
      eventually(async () => expect(await payments.violations()).toEqual([])),
    ]);
    expect(await balance()).toBe(10_500);
  });
});
