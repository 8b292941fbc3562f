import { randomUUID } from 'node:crypto';
import type { HttpReply } from '@g-store/testing';
import type { Account, Page } from './customer.js';
import { create, get, headers, openedBy, openingBody, update } from './online-shop.js';
import { startPaymentsForTest } from './running-payments.js';
import type { RunningPayments } from './running-payments.js';

let payments: RunningPayments;
beforeAll(async () => (payments = await startPaymentsForTest()));
afterAll(() => payments?.[Symbol.asyncDispose]());
afterEach(async () => expect(await payments.violations()).toEqual([]));

const anna = openingBody;
const opened = (balance = '0') => openedBy(payments, balance);

describe('POST /payment/account/create/{user_id}', () => {
  it('answers 200 with nothing, and the account is the same as any other', async () => {
    const { userId, http } = payments.person();
    const reply = await create(http, userId, anna('729.98'));
    expect([reply.status, reply.text, reply.headers.get('content-length')]).toEqual([200, '', '0']);
    expect((await get(http, userId)).text).toBe(`{"user_id":"${userId}","full_name":"Anna","balance":729.98}`);
    const { body } = await http.get<Account>('/v1/accounts/mine');
    expect(body).toMatchObject({ userId, balance: 72_998, currency: 'RUB', version: 1 });
    expect(body).not.toHaveProperty('fullName');
  });

  it('pays the opening balance in by one top-up, which its owner hears of', async () => {
    const { http } = await opened('500.5');
    const { id } = (await http.get<Account>('/v1/accounts/mine')).body;
    const { transactions } = (await http.get<Page>(`/v1/accounts/${id}/transactions`)).body;
    expect(transactions).toMatchObject([{ type: 'TOP_UP', amount: 50_050, balanceAfter: 50_050 }]);
    expect(await payments.toldOf(id, 1)).toMatchObject([
      { case: 'balanceChanged', version: 1, value: { kind: 'TOP_UP', change: 50_050n, accountVersion: 1 } },
    ]);
  });

  it('moves nothing for a balance of 0', async () => {
    const { userId, http } = await opened('0.00');
    expect((await http.get<Account>('/v1/accounts/mine')).body).toMatchObject({ balance: 0, version: 0 });
    expect(await payments.payersOf(userId)).toEqual([]);
  });

  it('is done once, however often it is sent, and once more with the key of the first time', async () => {
    const { userId, http } = payments.person();
    const replies = await Promise.all(Array.from({ length: 10 }, () => create(http, userId, anna('5'))));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    expect(replies.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'account_exists',
      error: 'account for user already exists',
    });
    expect((await get(http, userId)).body.balance).toBe(5);

    const other = payments.person();
    const options = { idempotencyKey: 'once' };
    for (const replayed of [null, 'true']) {
      const reply = await create(other.http, other.userId, anna('7.10'), options);
      expect([reply.status, reply.text, reply.headers.get('idempotency-replayed')]).toEqual([200, '', replayed]);
    }
    expect((await create(other.http, other.userId, anna('7.1'), options)).status).toBe(422);
    expect((await get(other.http, other.userId)).body.balance).toBe(7.1);
  });

  it.each([
    [anna('-0.01'), 'balance must not be below 0'],
    [anna('1.005'), 'balance must be a number with at most 2 decimal places'],
    [anna('1e-3'), 'balance must be a number with at most 2 decimal places'],
    [anna('"5"'), 'balance must be a number'],
    [anna('NaN'), 'the body is not valid JSON'],
    [anna('10000000000.01'), 'balance must not be so large'],
    ['{"full_name":"Anna"}', expect.any(String)],
    ['{"balance":5}', 'full_name is required'],
    ['{"full_name":" ","balance":5}', 'full_name must have at least 1 characters'],
    [`{"full_name":"${'x'.repeat(201)}","balance":5}`, 'full_name must have at most 200 characters'],
    ['{"full_name":"Anna","balance":5,"x":1}', 'x is not known'],
  ])('refuses %s', async (body, error) => {
    const { userId, http } = payments.person();
    const reply = await create(http, userId, body);
    expect([reply.status, reply.body]).toEqual([400, expect.objectContaining({ code: 'validation_failed', error })]);
    expect((await get(http, userId)).status).toBe(404);
  });

  it('is for oneself, and for anybody when staff asks', async () => {
    const { userId, http } = payments.person();
    const foreign = await create(payments.person().http, userId, anna('5'));
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
    expect((await create(payments.anonymous, userId, anna('5'))).status).toBe(401);
    expect((await create(payments.machine, userId, anna('5'))).status).toBe(403);
    expect((await create(http, '17', anna('5'))).status).toBe(400);
    expect((await create(payments.staff, userId.toUpperCase(), anna('5'))).status).toBe(200);
    expect((await get(http, userId)).body).toEqual({ user_id: userId, full_name: 'Anna', balance: 5 });
    expect(await payments.payersOf(userId)).toEqual([payments.staffId]);
  });
});

describe('PATCH /payment/account/update/{user_id}', () => {
  it('answers 200 with nothing, and adds to the last hundredth', async () => {
    const { userId, http } = await opened('0.1');
    const reply = await update(http, userId, '{"amount":0.2}');
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect((await get(http, userId)).text).toContain('"balance":0.3}');
    expect(await payments.payersOf(userId)).toEqual([null, null]);
  });

  it.each([
    ['{"amount":0}', 'amount must be positive'],
    ['{"amount":-5}', 'amount must be positive'],
    ['{"amount":0.001}', 'amount must be a number with at most 2 decimal places'],
    ['{"amount":"5"}', 'amount must be a number'],
    ['{"amount":10000000000.01}', 'amount must not be so large'],
    ['{"amount":5,"balance":5}', 'balance is not known'],
    ['{}', expect.any(String)],
  ])('refuses %s', async (body, error) => {
    const { userId, http } = await opened('7');
    const reply = await update(http, userId, body);
    expect([reply.status, reply.body]).toEqual([400, expect.objectContaining({ code: 'validation_failed', error })]);
    expect((await get(http, userId)).body.balance).toBe(7);
  });

  it('counts once what was sent many times with one key, and each of those without', async () => {
    const { userId, http } = await opened();
    const sent = (options = {}) => Promise.all(Array.from({ length: 8 }, () => update(http, userId, '{"amount":1.25}', options))); // prettier-ignore
    const replies = [...(await sent({ idempotencyKey: 'once' })), ...(await sent())];
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 ']));
    expect((await get(http, userId)).body.balance).toBe(11.25);
  });

  it('stops at the largest balance, and at a version that has changed meanwhile', async () => {
    const { userId, http } = await opened('1');
    const changed = await update(http, userId, '{"amount":1}', { headers: { ...headers, 'if-match': '"0"' } });
    expect([changed.status, changed.body.code]).toEqual([412, 'version_conflict']);
    await payments.fillWallet(userId, BigInt(Number.MAX_SAFE_INTEGER) - 1n);
    const full = await update(http, userId, '{"amount":0.02}');
    expect([full.status, full.body.code]).toEqual([409, 'balance_limit']);
    expect((await update(http, userId, '{"amount":0.01}')).status).toBe(200);
  });

  it("of somebody else's account is as good as of none, but not for staff, whose name is kept with it", async () => {
    const { userId, http } = await opened();
    const stranger = payments.person();
    const strip = ({ status, body }: HttpReply<object>) => ({ ...body, status, instance: '', traceId: '' });
    const anothers = strip(await update(stranger.http, userId, '{"amount":5}'));
    expect(anothers).toEqual(strip(await update(stranger.http, stranger.userId, '{"amount":5}')));
    expect(anothers.status).toBe(404);
    expect((await update(payments.anonymous, userId, '{"amount":5}')).status).toBe(401);
    expect((await update(payments.machine, userId, '{"amount":5}')).status).toBe(403);
    expect((await update(payments.staff, userId, '{"amount":5}')).status).toBe(200);
    expect((await get(http, userId)).body.balance).toBe(5);
    expect(await payments.payersOf(userId)).toEqual([payments.staffId]);
  });
});

it('a shop of the old kind can sell: an account is opened, paid into, and an order charged to it', async () => {
  const { userId, http } = await opened('3.5');
  await update(http, userId, '{"amount":1.5}');
  const order = { id: randomUUID(), owner: userId, amount: 499n };
  await payments.orders.created(order);
  expect(await payments.stateOf(order.id)).toBe('charged');
  expect((await get(http, userId)).body.balance).toBe(0.01);
});
