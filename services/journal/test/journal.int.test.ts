import { randomUUID } from 'node:crypto';
import { IdentityEvent, OrderEvent, PaymentEvent, PointsEvent } from '@g-store/contracts';
import { eventually } from '@g-store/testing';
import { ids, startJournalForTest, type RunningJournal } from './running-journal.js';

let shop: RunningJournal;
beforeAll(async () => {
  shop = await startJournalForTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Step {
  readonly id: string;
  readonly type: string;
  readonly service: string;
  readonly value: Record<string, unknown>;
  readonly afterMs: number | null;
  readonly compensation: boolean;
  readonly attempts: number;
  readonly repeats: number;
}
interface Journey {
  readonly status: string;
  readonly steps: readonly Step[];
}
const get = async <T>(path: string): Promise<T> => {
  const { status, body } = await shop.as().get<T>(path);
  expect(status).toBe(200);
  return body;
};
const journeyOf = (orderId: string) => get<Journey>(`/v1/journeys/${orderId}`);
const heard = (orderId: string, events: number) =>
  eventually(async () => {
    const rows = await shop.database.sql`SELECT FROM events WHERE order_id = ${orderId}`;
    expect(rows).toHaveLength(events);
  });

const created = {
  number: '18',
  amount: 1_000n,
  currency: 'RUB',
  pointsToSpend: 300n,
  description: 'a ring for Anna',
  items: [{ description: 'engraved: Anna', price: 1_000n, quantity: 1 }],
};
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

/** A cancelled order as five services tell of it, topic by topic from the last to the first, by clocks that disagree. */
async function tellOfCancelledOrder(orderId: string) {
  const accountId = randomUUID();
  const at = (ms: number) => new Date(Date.parse('2026-03-01T12:00:00Z') + ms);
  const [order, payment, cancelled, refund] = [ids.next(), ids.next(), ids.next(), ids.next()];
  const because = (causationId: string, ms: number) => ({ causationId, occurredAt: at(ms), traceparent });
  const money = { accountId, orderId };
  const points = { orderId, accountId: `p-${accountId}`, points: 300n };
  await shop.tell(PointsEvent, orderId, 1, 'spent', { ...points, balance: 0n, accountVersion: 1 }, because(order, 30));
  await shop.tell(
    PointsEvent,
    orderId,
    2,
    'returned',
    { ...points, balance: 300n, accountVersion: 2 },
    because(cancelled, 90),
  );
  // The clock of payments is behind: by it, the answer came before the order.
  await shop.tell(
    PaymentEvent,
    orderId,
    1,
    'processed',
    { orderId, accountId, status: 'SUCCESS', amount: 700n },
    { ...because(order, -50), eventId: payment },
  );
  await shop.tell(
    PaymentEvent,
    accountId,
    1,
    'balanceChanged',
    { ...money, kind: 'CHARGE', change: -700n, balance: 300n, accountVersion: 2 },
    because(order, -50),
  );
  await shop.tell(
    PaymentEvent,
    orderId,
    2,
    'refunded',
    { orderId, accountId, amount: 700n },
    { ...because(cancelled, 80), eventId: refund },
  );
  await shop.tell(
    PaymentEvent,
    accountId,
    2,
    'balanceChanged',
    { ...money, kind: 'REFUND', change: 700n, balance: 1_000n, accountVersion: 3 },
    because(cancelled, 80),
  );
  await shop.tell(OrderEvent, orderId, 1, 'created', created, { eventId: order, occurredAt: at(0), traceparent });
  await shop.tell(
    OrderEvent,
    orderId,
    2,
    'cancelled',
    { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'anna' },
    { eventId: cancelled, occurredAt: at(70) },
  );
  await heard(orderId, 8);
}

describe('the journey of an order', () => {
  it('is everything that every service did for it, causes before effects whatever the clocks say', async () => {
    const orderId = randomUUID();
    await tellOfCancelledOrder(orderId);
    const journey = await journeyOf(orderId);
    expect(journey).toMatchObject({
      orderId,
      customerId: 'anna',
      status: 'CANCELLED',
      version: 2,
      amount: 1_000,
      pointsToSpend: 300,
      charged: 700,
      refunded: 700,
      pointsSpent: 300,
      pointsReturned: 300,
      traceIds: [traceId],
      durationMs: 140,
      waitsFor: null,
      fault: null,
    });
    const steps = journey.steps.map(({ type, compensation }) => (compensation ? `${type}!` : type));
    expect(steps[0]).toBe('OrderCreated');
    expect(steps.indexOf('OrderCancelled')).toBeGreaterThan(0);
    expect(steps.slice(-3).sort()).toEqual(['BalanceChanged!', 'PaymentRefunded!', 'PointsReturned!']);
    expect(journey.steps.find(({ type }) => type === 'PointsSpent')?.afterMs).toBe(30);
    expect(journey.steps[0]?.afterMs).toBeNull();
  });

  it('says how often a service tried before something came of it', async () => {
    const orderId = randomUUID();
    await shop.tell(OrderEvent, orderId, 1, 'created', { ...created, pointsToSpend: 0n });
    const value = { orderId, status: 'SUCCESS', amount: 1_000n } as const;
    await shop.tell(PaymentEvent, orderId, 1, 'processed', value, { attempts: 3 });
    await heard(orderId, 2);
    expect((await journeyOf(orderId)).steps.map(({ attempts }) => attempts)).toEqual([1, 3]);
  });

  it('has each event once, however often it comes, and says how often that was', async () => {
    const orderId = randomUUID();
    await shop.tell(OrderEvent, orderId, 1, 'created', { ...created, pointsToSpend: 0n });
    await heard(orderId, 1);
    await shop.tellAgain();
    await shop.tellAgain();
    await eventually(async () => expect((await journeyOf(orderId)).steps[0]?.repeats).toBe(2));
    expect(await journeyOf(orderId)).toMatchObject({ amount: 1_000, waitsFor: { step: 'payment', stuck: false } });
    await heard(orderId, 1);
  });

  it('is nobody’s but operators’, and of an order that was never heard there is none', async () => {
    for (const path of [`/v1/journeys/${randomUUID()}`, '/v1/events', '/v1/stuck', '/v1/invariants']) {
      expect((await shop.as('customer').get(path)).status).toBe(403);
      expect((await shop.as('staff').get(path)).status).toBe(403);
    }
    const { status, body } = await shop.as().get<{ code: string }>(`/v1/journeys/${randomUUID()}?follow=true`);
    expect([status, body.code]).toEqual([404, 'journey_not_found']);
  });

  it('is followed live, on every journal, until the operator is blocked', async () => {
    const orderId = randomUUID();
    const other = await shop.another();
    await shop.tell(OrderEvent, orderId, 1, 'created', created);
    await heard(orderId, 1);
    const olga = randomUUID();
    const token = shop.operator(olga);
    using followed = await shop.follow(`/v1/journeys/${orderId}?follow=true`, { url: other, token });
    await eventually(() => expect(followed.frames).toMatchObject([{ event: 'journey', data: { status: 'PENDING' } }]));
    await shop.tell(OrderEvent, orderId, 2, 'statusChanged', { from: 'PENDING', to: 'PAID', actor: 'orders' });
    await eventually(() => expect(followed.frames.map(({ data }) => data['status'])).toEqual(['PENDING', 'PAID']));
    expect(followed.ended()).toBe(false);
    await shop.tell(IdentityEvent, olga, 1, 'userBlocked', {});
    await eventually(() => expect(followed.ended()).toBe(true));
  });
});
