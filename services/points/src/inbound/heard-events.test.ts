import type { EventMeta } from '@g-store/contracts';
import type { Announced, Subscription } from '@g-store/messaging';
import { adjustPoints } from '../application/accounts.js';
import { requestChange } from '../application/requests.js';
import { fakeUploadWork as fakeWork } from '../application/upload-work.fake.js';
import type { FakeUploads as FakePoints } from '../application/upload-work.fake.js';
import type { UploadAnnouncements, UploadWork as Work } from '../application/upload-work.js';
import type { Announcements } from '../application/work.js';
import { accrualEvents } from './accrual-events.js';
import { orderEvents } from './order-events.js';
import { pointRequests } from './point-requests.js';

const announced = (what: string): Announced => ({ table: {}, key: { what } }) as unknown as Announced;
const announcements: Announcements & UploadAnnouncements = {
  account: (id) => announced(`account ${id}`),
  order: (id) => announced(`order ${id}`),
  orderByNumber: (number) => announced(`order numbered ${number}`),
  earned: (number) => announced(`reward of ${number}`),
  request: (id) => announced(`request ${id}`),
  upload: (number) => announced(`upload of ${number}`),
};
const subscriptions: readonly Subscription<Work>[] = [
  ...orderEvents(announcements),
  ...accrualEvents(announcements),
  ...pointRequests(announcements),
];

const meta: EventMeta = {
  eventId: 'e1',
  aggregateId: 'o1',
  aggregateVersion: 1,
  owner: 'u1',
  occurredAt: new Date('2026-01-02T03:04:05.000Z'),
  correlationId: 'c1',
};
const created = { number: '18', amount: 500n, currency: 'RUB', pointsToSpend: 120n, items: [] };
const cancelled = { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u1' };
const rewarded = { orderNumber: '18', orderId: 'o1', points: 25n };

const record = { topic: 'order.events', partition: 0, offset: 0n, raw: Buffer.alloc(0) };

/** Hears an event as the consumer does; answers with what was looked at without having been announced. */
async function hear(points: FakePoints, eventCase: string, value: object, from = meta): Promise<readonly string[]> {
  const subscription = subscriptions.find((each) => each.case === eventCase);
  const known = new Set(subscription?.announce(value, from).map(({ key }) => key['what']));
  const unannounced: string[] = [];
  const look = (what: string): void => void (known.has(what) || unannounced.push(what));
  const work: Work = {
    ...points.work,
    account: (id) => (look(`account ${id}`), points.work.account(id)),
    order: (id) => (look(`order ${id}`), points.work.order(id)),
    orderByNumber: (number) => (look(`order numbered ${number}`), points.work.orderByNumber(number)),
    earned: (number) => (look(`reward of ${number}`), points.work.earned(number)),
    request: (id) => (look(`request ${id}`), points.work.request(id)),
    upload: (number) => (look(`upload of ${number}`), points.work.upload(number)),
  };
  await subscription?.handle(work, value, from, record);
  return unannounced;
}

async function withPoints(): Promise<FakePoints> {
  const points = fakeWork();
  await adjustPoints(points.work, { accountId: 'u1', amount: 1_000n, reason: 'a gift', actor: 's1' });
  return points;
}

describe('when points hears of an order', () => {
  it('spends, returns when it is cancelled, and earns the reward', async () => {
    const points = await withPoints();
    await hear(points, 'created', created);
    expect(points.accounts.get('u1')?.balance).toBe(880n);
    await hear(points, 'cancelled', cancelled);
    expect(points.accounts.get('u1')?.balance).toBe(1_000n);
    await hear(points, 'rewardCalculated', rewarded, { ...meta, aggregateId: '18' });
    expect(points.accounts.get('u1')?.balance).toBe(1_025n);
  });

  it('lets a cancellation overtake everything else, and nothing but a cancellation', () => {
    expect(subscriptions.filter(({ final }) => final).map((subscription) => subscription.case)).toEqual(['cancelled']);
  });
});

describe('when points hears a request of its own', () => {
  it.each([
    ['ADD', 'add', 1_500n],
    ['DEDUCT', 'deduct', 500n],
  ] as const)('applies to %s', async (kind, verb, balance) => {
    const points = await withPoints();
    const { id } = requestChange(points.work, { accountId: 'u1', kind: verb, points: 500n, actor: 'key:robot' });
    const request = { requestId: id, kind, points: 500n, actor: 'key:robot' };
    expect(await hear(points, 'requested', request, { ...meta, aggregateId: 'u1', aggregateVersion: 0 })).toEqual([]);
    expect(points.accounts.get('u1')?.balance).toBe(balance);
  });
});

it('has announced every row that it looks at, so that a batch is read in one round trip', async () => {
  const [points, other] = [await withPoints(), await withPoints()];
  expect(await hear(points, 'created', created)).toEqual([]);
  expect(await hear(points, 'cancelled', cancelled)).toEqual([]);
  expect(await hear(other, 'cancelled', cancelled)).toEqual([]);
  expect(await hear(other, 'created', { ...created, pointsToSpend: 0n })).toEqual([]);
  expect(await hear(points, 'rewardCalculated', rewarded, { ...meta, aggregateId: '18' })).toEqual([]);
});
