import { topicOf, type EventMeta } from '@g-store/contracts';
import type { Subscription } from '@g-store/messaging';

import { announcementsForTest, fakeWork } from '../application/work.fake.js';
import type { Work } from '../application/work.js';
import { orderEvents } from './order-events.js';
import { paymentEvents } from './payment-events.js';
import { pointsEvents } from './points-events.js';

const record = { topic: 'order.events', partition: 0, offset: 0n, raw: Buffer.alloc(0) };
const at = new Date('2030-01-01T00:00:00Z');
const subscriptions: readonly Subscription<Work>[] = [
  ...orderEvents(announcementsForTest),
  ...paymentEvents,
  ...pointsEvents,
];

describe('what the projection makes of what it hears', () => {
  const setUp = () => {
    const fake = fakeWork();
    let events = 0;
    const hear = (topic: string, name: string, value: object, meta: Partial<EventMeta> = {}) => {
      const found = subscriptions.find((one) => topicOf(one.message).name === topic && one.case === name);
      events += 1;
      const own = {
        eventId: `e${events}`,
        aggregateId: 'o1',
        aggregateVersion: events,
        owner: 'ann',
        occurredAt: at,
        correlationId: 'c',
      };
      return found?.handle(fake.work, value, { ...own, ...meta }, record);
    };
    return { ...fake, hear };
  };
  const created = { number: '18', amount: 500n, currency: 'RUB', pointsToSpend: 0n, items: [] };

  it('knows where an order has come to, and who may watch it', async () => {
    const { hear, orders } = setUp();
    await hear('order.events', 'created', created);
    await hear('order.events', 'statusChanged', { from: 'PENDING', to: 'PAID', actor: 'payments' });
    expect(orders.get('o1')).toEqual({ orderId: 'o1', owner: 'ann', status: 'PAID', version: 2, at });
    await hear('order.events', 'cancelled', {
      reason: 'OUT_OF_STOCK',
      source: 'STAFF',
      previousStatus: 'PAID',
      actor: 'eve',
    });
    expect(orders.get('o1')).toMatchObject({ status: 'CANCELLED', reason: 'OUT_OF_STOCK', version: 3 });
  });

  it('puts one line per event into its owner’s notification centre: facts, no sentences, nobody else’s name', async () => {
    const { hear, notifications } = setUp();
    await hear('order.events', 'created', created);
    await hear('order.events', 'statusChanged', { from: 'PENDING', to: 'PAID', actor: 'eve' });
    await hear('order.events', 'cancelled', {
      reason: 'CHANGED_MIND',
      source: 'CUSTOMER',
      previousStatus: 'PAID',
      actor: 'ann',
    });
    await hear('payment.events', 'refunded', { orderId: 'o1', amount: 500n, accountId: 'w1' });
    await hear(
      'payment.events',
      'balanceChanged',
      { accountId: 'w1', balance: 900n, change: 500n, kind: 'REFUND', orderId: 'o1', accountVersion: 3 },
      { aggregateId: 'w1' },
    );
    expect(notifications).toEqual([
      {
        id: 'e1',
        owner: 'ann',
        kind: 'order.placed',
        orderId: 'o1',
        data: { status: 'PENDING', number: '18', amount: 500 },
        at,
      },
      { id: 'e2', owner: 'ann', kind: 'order.status.changed', orderId: 'o1', data: { status: 'PAID' }, at },
      {
        id: 'e3',
        owner: 'ann',
        kind: 'order.cancelled',
        orderId: 'o1',
        data: { status: 'CANCELLED', reason: 'CHANGED_MIND' },
        at,
      },
      { id: 'e4', owner: 'ann', kind: 'payment.refunded', orderId: 'o1', accountId: 'w1', data: { amount: 500 }, at },
      {
        id: 'e5',
        owner: 'ann',
        kind: 'balance.changed',
        orderId: 'o1',
        accountId: 'w1',
        data: { balance: 900, change: 500, kind: 'REFUND' },
        at,
      },
    ]);
  });

  it('notes every change of points with its sign, and a refusal not at all', async () => {
    const { hear, notifications } = setUp();
    const account = { accountId: '7', balance: 900n, accountVersion: 1 };
    await hear('points.events', 'earned', { ...account, points: 50n, orderNumber: '18' });
    await hear('points.events', 'spent', { ...account, points: 20n, orderId: 'o1' });
    await hear('points.events', 'returned', { ...account, points: 20n, orderId: 'o1' });
    await hear('points.events', 'withdrawn', { ...account, points: 5n, orderNumber: '26' });
    await hear('points.events', 'adjusted', { ...account, change: -1n, reason: 'sorry', actor: 'eve' });
    expect(notifications.map(({ kind, accountId, orderId, data }) => [kind, accountId, orderId, data])).toEqual([
      ['points.changed', '7', undefined, { balance: 900, change: 50, kind: 'EARNED', orderNumber: '18' }],
      ['points.changed', '7', 'o1', { balance: 900, change: -20, kind: 'SPENT' }],
      ['points.changed', '7', 'o1', { balance: 900, change: 20, kind: 'RETURNED' }],
      ['points.changed', '7', undefined, { balance: 900, change: -5, kind: 'WITHDRAWN', orderNumber: '26' }],
      ['points.changed', '7', undefined, { balance: 900, change: -1, kind: 'ADJUSTED' }],
    ]);
    expect(subscriptions.some((one) => one.case === 'spendRefused')).toBe(false);
  });

  it('says beforehand which order an event is about, and for money nothing', () => {
    const meta = { aggregateId: 'o1' } as EventMeta;
    const announced = subscriptions.map((one) => one.announce({}, meta).length);
    expect(announced).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
});
