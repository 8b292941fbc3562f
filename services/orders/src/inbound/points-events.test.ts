import type { EventMeta } from '@g-store/contracts';
import type { Announced } from '@g-store/messaging';
import { fakeWork, type FakeWork } from '../application/work.fake.js';
import type { Work } from '../application/work.js';
import type { Order } from '../domain/order.js';
import { pointsEvents } from './points-events.js';
import { tagOf, versionCheck } from './routing.js';

const at = new Date('2026-03-01T11:00:00Z');
const order: Order = {
  id: 'o1',
  number: '1000000000000008',
  userId: 'anna',
  amount: 500n,
  currency: 'RUB',
  pointsToSpend: 500n,
  status: 'PENDING',
  items: [],
  version: 1,
  createdAt: at,
  updatedAt: at,
};
const meta: EventMeta = {
  eventId: 'e1',
  aggregateId: 'o1',
  aggregateVersion: 1,
  owner: 'anna',
  occurredAt: at,
  correlationId: 'c1',
};
const account = { accountId: 'anna', balance: 0n, accountVersion: 2 };
const record = { topic: 'points.events', partition: 0, offset: 0n, raw: Buffer.alloc(0) };
const named = (what: string): Announced => ({ table: {}, key: { what } }) as unknown as Announced;

/** Hears an event as the consumer does; answers with what was looked at without having been announced. */
async function hear(shop: FakeWork, eventCase: string, value: object): Promise<readonly string[]> {
  const all = pointsEvents({
    order: (id) => [named(`order ${id}`), named(`answers ${id}`)],
    reward: (id) => [named(`order ${id}`), named(`reward ${id}`)],
  });
  const subscription = all.find((each) => each.case === eventCase);
  const known = new Set(subscription?.announce(value, meta).map(({ key }) => key['what']));
  const unannounced: string[] = [];
  const look = (what: string): void => void (known.has(what) || unannounced.push(what));
  const work: Work = {
    ...shop.work,
    order: (id) => (look(`order ${id}`), shop.work.order(id)),
    answers: (id) => (look(`answers ${id}`), shop.work.answers(id)),
    reward: (id) => (look(`reward ${id}`), shop.work.reward(id)),
  };
  await subscription?.handle(work, value, meta, record);
  return unannounced;
}

describe('when orders hears of points', () => {
  it('notes those that were spent on an order', async () => {
    const shop = fakeWork([order]);
    expect(await hear(shop, 'spent', { ...account, orderId: 'o1', points: 500n })).toEqual([]);
    expect(shop.answers.get('o1')).toEqual([{ part: 'points', amount: 500n, succeeded: true }]);
  });

  it('cancels an order that there are too few of', async () => {
    const shop = fakeWork([order]);
    const refused = { orderId: 'o1', points: 500n, reason: 'INSUFFICIENT_POINTS' };
    expect(await hear(shop, 'spendRefused', refused)).toEqual([]);
    expect(shop.announced).toMatchObject([{ reason: 'INSUFFICIENT_POINTS', source: 'POINTS' }]);
  });

  it('notes what an order has earned, and nothing of a number from elsewhere', async () => {
    const shop = fakeWork([{ ...order, status: 'ISSUED' }]);
    expect(await hear(shop, 'earned', { ...account, orderNumber: '26', points: 7n })).toEqual([]);
    expect(shop.rewards.size).toBe(0);
    expect(await hear(shop, 'earned', { ...account, orderNumber: '18', orderId: 'o1', points: 7n })).toEqual([]);
    expect(shop.rewards.get('o1')).toBe(7n);
  });

  it.each(['returned', 'adjusted', 'withdrawn'])('has nothing to do when some are %s', async (eventCase) => {
    const shop = fakeWork([order]);
    await hear(shop, eventCase, { ...account, orderId: 'o1', points: 500n });
    expect([shop.orders.get('o1'), shop.announced, shop.answers.size]).toEqual([order, [], 0]);
  });
});

describe('the tag of an order', () => {
  const view = (version: number, spent: bigint, earned: bigint) => ({ ...order, version, points: { spent, earned } });

  it('is its version, and tells apart what points have changed beside it', () => {
    const tags = [view(1, 0n, 0n), view(1, 500n, 0n), view(2, 500n, 0n), view(6, 500n, 0n), view(6, 500n, 7n)];
    expect(tags.map(tagOf)).toEqual(['1', '1.1', '2.1', '6.1', '6.2']);
  });

  it.each(['"6"', '"6.1"', '"6.2"', '"5", "6.1"', undefined])('lets %s change the sixth version', (ifMatch) => {
    expect(() => versionCheck(ifMatch).checkVersion(6)).not.toThrow();
  });

  it.each(['"5"', '"5.6"', '"6.x"', '6.1', 'W/"6.1"'])('does not let %s change the sixth version', (ifMatch) => {
    expect(() => versionCheck(ifMatch).checkVersion(6)).toThrow(expect.objectContaining({ status: 412 }));
  });
});
