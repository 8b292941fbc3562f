import type { EventMeta } from '@g-store/contracts';
import type { Announced } from '@g-store/messaging';
import { fakeUploadWork } from '../application/upload-work.fake.js';
import type { FakeUploads } from '../application/upload-work.fake.js';
import { uploadOrder } from '../application/uploads.js';
import { accrualEvents } from './accrual-events.js';
import { orderEvents } from './order-events.js';

const nothing = (): Announced => ({}) as unknown as Announced;
const announcements = {
  account: nothing,
  order: nothing,
  orderByNumber: nothing,
  earned: nothing,
  request: nothing,
  upload: nothing,
};
const number = '12345678903';
const created = { number, amount: 500n, currency: 'RUB', pointsToSpend: 0n, items: [] };
const record = { topic: 'order.events', partition: 0, offset: 0n, raw: Buffer.alloc(0) };
const rewarded = { orderNumber: number, orderId: 'o1', points: 500n };

async function hear(points: FakeUploads, eventCase: string, value: object): Promise<void> {
  const all = [...orderEvents(announcements), ...accrualEvents(announcements)];
  const meta = { aggregateId: 'o1', owner: 'u1' } as EventMeta;
  await all.find((subscription) => subscription.case === eventCase)?.handle(points.work, value, meta, record);
}

describe('an uploaded number of our own shop', () => {
  it('goes to its owner as soon as the order is heard of', async () => {
    const points = fakeUploadWork();
    await uploadOrder(points.work, { number, userId: 'u2' });
    await hear(points, 'created', created);
    expect(points.uploads.get(number)).toMatchObject({ owner: 'u1', status: 'NEW' });
  });

  it('is processed as soon as its reward is heard of, whoever has uploaded it', async () => {
    const points = fakeUploadWork();
    await uploadOrder(points.work, { number, userId: 'u2' });
    await hear(points, 'rewardCalculated', rewarded);
    expect(points.uploads.get(number)).toMatchObject({ owner: 'u1', status: 'PROCESSED', accrual: 500n });
    expect([...points.accounts].map(([id, { balance }]) => [id, balance])).toEqual([['u1', 500n]]);
  });

  it('whose reward is nothing is left to what the accrual system says', async () => {
    const points = fakeUploadWork();
    await uploadOrder(points.work, { number, userId: 'u1' });
    await hear(points, 'rewardCalculated', { ...rewarded, points: 0n });
    expect(points.uploads.get(number)?.status).toBe('NEW');
  });
});
