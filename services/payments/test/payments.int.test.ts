import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import { customerOf } from './customer.js';
import type { Page } from './customer.js';
import { startPaymentsForTest } from './running-payments.js';
import type { RunningPayments } from './running-payments.js';

let payments: RunningPayments;
beforeAll(async () => (payments = await startPaymentsForTest()));
afterAll(() => payments?.[Symbol.asyncDispose]());
afterEach(async () => expect(await payments.violations()).toEqual([]));

const customer = (paidIn = 0) => customerOf(payments, paidIn);

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

  it('that points pay for needs no transfer either, and nothing comes back or is earned in money', async () => {
    const { order, balance } = await customer(1_000);
    const [cancelled, issued] = [order(500n, 500n), order(500n, 500n)];
    for (const placed of [cancelled, issued]) await payments.orders.created(placed);
    await payments.orders.cancelled(cancelled, 2);
    await payments.orders.moved(issued, 2, 'PENDING', 'PAID');
    await payments.orders.moved(issued, 3, 'DELIVERING', 'ISSUED');
    expect(await payments.stateOf(cancelled.id)).toBe('cancelled');
    expect(await payments.stateOf(issued.id)).toBe('settled');
    expect(await balance()).toBe(1_000);
    for (const { id } of [cancelled, issued]) {
      expect(await payments.toldOf(id, 1)).toMatchObject([
        { case: 'processed', value: { status: 'SUCCESS', amount: 0n } },
      ]);
      expect(await payments.balanceOf(`clearing:${id}`)).toBe(0n);
    }
  });

  it('that points pay for in part is charged the rest, whatever lies between that and what it gives back', async () => {
    const { order, balance } = await customer(380);
    const refusedByPoints = order(500n, 120n);
    await payments.orders.created(refusedByPoints);
    expect(await balance()).toBe(0);
    await payments.orders.cancelled(refusedByPoints, 2, { reason: 'INSUFFICIENT_POINTS', source: 'POINTS' });
    expect(await balance()).toBe(380);
    const changedHerMind = order(500n, 120n);
    await payments.orders.created(changedHerMind);
    for (const [version, [from, to]] of (
      [
        ['PENDING', 'PAID'],
        ['PAID', 'ASSEMBLING'],
        ['ASSEMBLING', 'ASSEMBLED'],
        ['ASSEMBLED', 'DELIVERING'],
      ] as const
    ).entries())
      await payments.orders.moved(changedHerMind, version + 2, from, to);
    await payments.orders.cancelled(changedHerMind, 6);
    expect(await balance()).toBe(380);
    const kept = order(500n, 120n);
    await payments.orders.created(kept);
    await payments.orders.moved(kept, 2, 'PENDING', 'PAID');
    await payments.orders.moved(kept, 3, 'DELIVERING', 'ISSUED');
    expect([await balance(), await payments.stateOf(kept.id)]).toEqual([0, 'settled']);
    expect(await payments.toldOf(refusedByPoints.id, 2)).toMatchObject([
      { case: 'processed', value: { status: 'SUCCESS', amount: 380n } },
      { case: 'refunded', value: { amount: 380n } },
    ]);
  });

  it('that points pay for in part is never charged when points have refused before it was heard of', async () => {
    const { order, balance } = await customer(380);
    const placed = order(500n, 120n);
    await payments.orders.cancelled(placed, 2, { reason: 'INSUFFICIENT_POINTS', source: 'POINTS' });
    await payments.orders.created(placed, 1);
    expect([await balance(), await payments.stateOf(placed.id)]).toEqual([380, 'cancelled']);
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
    const states = await Promise.all(placed.map(({ id }) => payments.stateOf(id)));
    expect(new Set(states)).toEqual(new Set(['refunded']));
  });
});
