import { adjustPoints, earnReward, withdrawPoints } from './accounts.js';
import { returnPoints, spendPoints } from './orders.js';
import { applyRequest, requestChange } from './requests.js';
import { fakeWork } from './work.fake.js';

const order = { orderId: 'o1', owner: 'u1', number: '79927398713', points: 400n };
const gift = { accountId: 'u1', amount: 1_000n, reason: 'a gift', actor: 's1' };

describe('points of an order', () => {
  it('are spent on it and come back, each once', async () => {
    const points = fakeWork();
    await adjustPoints(points.work, gift);
    for (const _ of [1, 2]) await spendPoints(points.work, order);
    expect(points.accounts.get('u1')?.balance).toBe(600n);
    for (const _ of [1, 2]) await returnPoints(points.work, order);
    expect(points.accounts.get('u1')?.balance).toBe(1_000n);
    expect(points.events.map(({ kind }) => kind)).toEqual(['adjusted', 'spent', 'returned']);
  });

  it('go back to whoever spent them, even if the cancellation names somebody else', async () => {
    const points = fakeWork();
    await adjustPoints(points.work, gift);
    await spendPoints(points.work, order);
    await returnPoints(points.work, { ...order, owner: 'u2' });
    expect([points.accounts.get('u1')?.balance, points.accounts.get('u2')]).toEqual([1_000n, undefined]);
  });

  it('are not touched by an order that was cancelled first', async () => {
    const points = fakeWork();
    await adjustPoints(points.work, gift);
    await returnPoints(points.work, order);
    await spendPoints(points.work, order);
    expect(points.events).toHaveLength(1);
  });
});

describe('a reward', () => {
  it('is earned once per order number, whoever it is told of the second time', async () => {
    const points = fakeWork();
    for (const accountId of ['u1', 'u1', 'u2'])
      await earnReward(points.work, { number: '79927398713', accountId, points: 72_998n });
    expect([...points.accounts.values()].map(({ id, balance }) => [id, balance])).toEqual([['u1', 72_998n]]);
  });

  it('of nothing leaves no account behind', async () => {
    const points = fakeWork();
    await earnReward(points.work, { number: '79927398713', accountId: 'u1', points: 0n });
    expect(points.accounts.size).toBe(0);
  });
});

describe('drawing out', () => {
  it('is possible again against the same order, as long as there are points', async () => {
    const points = fakeWork();
    await adjustPoints(points.work, gift);
    const withdrawal = { accountId: 'u1', points: 500n, orderNumber: '2377225624' };
    for (const _ of [1, 2]) await withdrawPoints(points.work, withdrawal);
    expect(points.accounts.get('u1')).toMatchObject({ balance: 0n, withdrawn: 1_000n });
    await expect(withdrawPoints(points.work, withdrawal)).rejects.toMatchObject({ code: 'insufficient_points' });
  });
});

describe('a request of a machine', () => {
  const change = { accountId: '7', kind: 'add', points: 500n, actor: 'key:robot' } as const;

  it('is on its way when it is accepted, and has changed nothing yet', () => {
    const points = fakeWork();
    const request = requestChange(points.work, change);
    expect(request).toMatchObject({ ...change, status: 'PENDING' });
    expect([points.asked, points.requests.get(request.id), points.accounts.size]).toEqual([[request], request, 0]);
  });

  it('is decided once', async () => {
    const points = fakeWork();
    const request = requestChange(points.work, change);
    for (const _ of [1, 2]) await applyRequest(points.work, request);
    expect(points.requests.get(request.id)).toMatchObject({
      status: 'APPLIED',
      total: 500n,
      decidedAt: points.work.now,
    });
    expect(points.events).toMatchObject([{ kind: 'adjusted', cause: request.id, change: 500n, actor: 'key:robot' }]);
  });

  it('is rejected when there are too few points, or no account to take from', async () => {
    const points = fakeWork();
    const rejected = { status: 'REJECTED', reason: 'insufficient_points' };
    const first = requestChange(points.work, { ...change, kind: 'deduct' });
    await applyRequest(points.work, first);
    expect(points.requests.get(first.id)).toMatchObject({ ...rejected, total: 0n });
    await applyRequest(points.work, requestChange(points.work, change));
    const second = requestChange(points.work, { ...change, kind: 'deduct', points: 501n });
    await applyRequest(points.work, second);
    expect(points.requests.get(second.id)).toMatchObject({ ...rejected, total: 500n });
    expect(points.accounts.get('7')?.balance).toBe(500n);
  });

  it('is decided by what was asked when its row is gone', async () => {
    const points = fakeWork();
    await applyRequest(points.work, { id: 'r1', ...change, acceptedAt: points.work.now });
    expect(points.requests.get('r1')).toMatchObject({ ...change, status: 'APPLIED', total: 500n });
  });
});
