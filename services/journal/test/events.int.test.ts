import { randomUUID } from 'node:crypto';
import { IdentityEvent, OrderEvent, PaymentEvent, PointsEvent } from '@g-store/contracts';
import { eventually } from '@g-store/testing';
import { Client } from 'pg';
import { ids, startJournalForTest, type Frame, type RunningJournal } from './running-journal.js';

let shop: RunningJournal;
beforeAll(async () => {
  shop = await startJournalForTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Event {
  readonly id: string;
  readonly type: string;
  readonly value: Record<string, unknown>;
}
interface Page {
  readonly items: readonly Event[];
  readonly nextCursor: string | null;
}
const page = async (query: string): Promise<Page> => {
  const { status, body } = await shop.as().get<Page>(`/v1/events?${query}`);
  expect(status).toBe(200);
  return body;
};
const idsOf = (frames: readonly Frame[]) => frames.map(({ id }) => id);
const place = (orderId: string, more = {}) =>
  shop.tell(
    OrderEvent,
    orderId,
    1,
    'created',
    {
      number: '18',
      amount: 500n,
      currency: 'RUB',
      pointsToSpend: 0n,
      description: 'Call Anna on 5550100',
      items: [{ sku: 'ring', description: 'engraved: Anna', price: 500n, quantity: 1 }],
    },
    more,
  );
const cancel = (orderId: string) =>
  shop.tell(OrderEvent, orderId, 2, 'cancelled', {
    reason: 'CHANGED_MIND',
    source: 'CUSTOMER',
    previousStatus: 'PENDING',
    actor: 'anna',
  });
const adjust = (accountId: string, version: number, reason = 'sorry, Anna') =>
  shop.tell(PointsEvent, accountId, version, 'adjusted', {
    accountId,
    change: 100n,
    reason,
    actor: 'key:till',
    balance: 100n * BigInt(version),
    accountVersion: version,
  });
const heard = (id: string) =>
  eventually(async () => expect((await shop.as().get(`/v1/events/${id}`)).status).toBe(200));

describe('the record of every event', () => {
  it('shows what was told and where it was heard, and nothing of what people write', async () => {
    const [orderId, accountId] = [randomUUID(), randomUUID()];
    const id = await place(orderId, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
    await heard(id);
    const { body } = await shop.as().get<Record<string, unknown>>(`/v1/events/${id}`);
    expect(body).toMatchObject({
      id,
      type: 'OrderCreated',
      service: 'orders',
      topic: 'order.events',
      partition: expect.any(Number),
      offset: expect.stringMatching(/^\d+$/),
      key: orderId,
      version: 1,
      orderId,
      account: null,
      correlationId: 'c1',
      causationId: null,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      value: {
        number: '18',
        amount: 500,
        description: '***',
        items: [{ sku: 'ring', description: '***', price: 500, quantity: 1 }],
      },
    });
    expect(Buffer.from(String(body['raw']), 'base64').toString()).toContain('engraved: Anna');

    await heard(await adjust(accountId, 1));
    const { items } = await page(`account=${accountId}`);
    expect(items).toMatchObject([{ type: 'PointsAdjusted', value: { change: 100, reason: '***', actor: 'key:till' } }]);
    await heard(await cancel(orderId));
    const all = JSON.stringify(await page(`orderId=${orderId}`));
    expect(all).toContain('CHANGED_MIND');
    expect(all).not.toContain('Anna');
    expect(all).not.toContain('raw');
  });

  it('is read page by page from the newest, each event once, by service, type, account and time', async () => {
    const accountId = randomUUID();
    const told: string[] = [];
    for (const version of [1, 2, 3, 4, 5]) told.push(await adjust(accountId, version));
    await heard(told[4] ?? '');
    await heard(await shop.tell(IdentityEvent, accountId, 1, 'sessionRevoked', { sessionId: randomUUID() }));

    for (const query of [
      'service=points',
      'type=PointsAdjusted',
      `account=${accountId}&type=PointsAdjusted`,
      'service=points&type=PointsAdjusted',
    ]) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const next: Page = await page(`${query}&limit=2${cursor && `&cursor=${cursor}`}`);
        seen.push(...next.items.map(({ id }) => id));
        cursor = next.nextCursor;
      }
      expect(seen.slice(0, 5)).toEqual([...told].reverse());
      expect(new Set(seen).size).toBe(seen.length);
    }
    expect((await page('service=orders&type=PointsAdjusted')).items).toEqual([]);
    expect((await page(`account=${accountId}&to=2020-01-01T00:00:00Z`)).items).toEqual([]);
    expect((await page(`account=${accountId}&from=2020-01-01T00:00:00Z`)).items).toHaveLength(6);
    expect((await page(`account=${accountId}&service=identity`)).items).toMatchObject([{ type: 'SessionRevoked' }]);
  });

  it.each([
    ['type=Nonsense', '/type'],
    ['orderId=7', '/orderId'],
    ['from=yesterday', '/from'],
    ['cursor=abc', '/cursor'],
    ['follow=true&from=2026-01-01T00:00:00Z', '/from'],
    ['colour=red', '/colour'],
  ])('refuses %s and names the field', async (query, pointer) => {
    const { status, body } = await shop.as().get<{ errors: { pointer: string }[] }>(`/v1/events?${query}`);
    expect([status, body.errors.map((error) => error.pointer)]).toEqual([400, [pointer]]);
  });
});

describe('whoever follows', () => {
  it('gets what is heard from now on, as asked, and goes on behind the last event on any journal', async () => {
    const [before, first, second, third] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await heard(await place(before));
    const told: string[] = [];
    {
      using followed = await shop.follow('/v1/events?follow=true&type=OrderCreated');
      for (const order of [first, second]) {
        told.push(await place(order));
        await cancel(order);
      }
      await eventually(() => expect(idsOf(followed.frames)).toEqual(told));
    }
    told.push(await place(third));
    await heard(told[2] ?? '');
    const lastEventId = told[0] ?? '';
    const from = { url: await shop.another(), lastEventId };
    using again = await shop.follow('/v1/events?follow=true&type=OrderCreated', from);
    await eventually(() => expect(idsOf(again.frames)).toEqual(told.slice(1)));
  });

  it('misses nothing of a batch that takes long to commit: a later one waits for it', async () => {
    const [slow, quick, model] = [randomUUID(), randomUUID(), randomUUID()];
    const modelId = await place(model);
    await heard(modelId);
    using followed = await shop.follow('/v1/events?follow=true');
    const slowId = ids.next();
    const writer = new Client({ connectionString: shop.database.url });
    await writer.connect();
    try {
      // As a batch of another journal would: its place is taken, and its commit takes its time.
      await writer.query('BEGIN');
      await writer.query('SELECT FROM tally WHERE id = 1 FOR UPDATE');
      await writer.query(
        `INSERT INTO events SELECT (json_populate_record(e, json_build_object(
           'event_id', $1::uuid, 'order_id', $2::uuid, 'arrival', (SELECT events + 1 FROM tally)))).* FROM events e WHERE event_id = $3`,
        [slowId, slow, modelId],
      );
      await writer.query('UPDATE tally SET events = events + 1');
      const answer = { orderId: quick, status: 'FAILED', reason: 'NO_PAYMENT_ACCOUNT', amount: 500n } as const;
      const quickId = ids.next();
      const told = shop.tell(PaymentEvent, quick, 1, 'processed', answer, { eventId: quickId });
      await eventually(async () => {
        const waiting = await shop.database.sql`SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        expect(waiting).toHaveLength(1);
      });
      expect(followed.frames).toEqual([]);
      await writer.query('COMMIT');
      await told;
      await eventually(() => expect(idsOf(followed.frames)).toEqual([slowId, quickId]));
      // Each has a number of its own, so that whoever comes back behind the first gets the second.
      using again = await shop.follow('/v1/events?follow=true', { lastEventId: slowId });
      await eventually(() => expect(idsOf(again.frames)).toEqual([quickId]));
    } finally {
      await writer.end();
    }
  });

  it('is told which header names no event', async () => {
    const { status, body } = await shop
      .as()
      .get<{ errors: { pointer: string }[] }>('/v1/events?follow=true', { headers: { 'last-event-id': randomUUID() } });
    expect([status, body.errors[0]?.pointer]).toEqual([400, '/last-event-id']);
  });
});
