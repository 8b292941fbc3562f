import { randomUUID } from 'node:crypto';
import { systemTimers, type Timers } from '@g-store/runtime';
import { eventually } from '@g-store/testing';
import { customerOf } from './customer.js';
import { startPaymentsForTest } from './running-payments.js';
import type { RunningPayments } from './running-payments.js';

interface Parked {
  readonly id: string;
  readonly key: string;
  readonly reason: string;
  readonly state: string;
  readonly version: number;
  readonly decoded?: unknown;
}

let payments: RunningPayments;
beforeEach(async () => (payments = await startPaymentsForTest()));
afterEach(() => payments?.[Symbol.asyncDispose]());

const parkedOf = async (key: string, query = ''): Promise<readonly Parked[]> => {
  const path = `/v1/operations/parked?topic=order.events&key=${key}${query}`;
  return (await payments.operator.get<{ parked: readonly Parked[] }>(path)).body.parked;
};

/** An order of which payments hears that it was issued before it heard that it was placed: it cannot be settled. */
async function inTrouble() {
  const { order, balance } = await customerOf(payments, 1_000);
  const placed = order(400n);
  await payments.orders.moved(placed, 1, 'DELIVERING', 'ISSUED');
  await payments.orders.created(placed, 2);
  return { key: placed.id, balance, parked: await parkedOf(placed.id) };
}

describe('an operator', () => {
  it('sees how the service is, and that something is parked', async () => {
    await inTrouble();
    const { body } = await payments.operator.get('/v1/operations/status');
    expect(body).toMatchObject({
      service: 'payments',
      ready: true,
      version: expect.any(String),
      outbox: { pending: expect.any(Number), oldestSeconds: expect.any(Number) },
      inbox: { paused: false, lag: { 'order.events/0': 0 }, lagSeconds: expect.any(Number) },
      parked: 2,
      sockets: 0,
    });
  });

  it('is told by the metrics how many keys wait', async () => {
    const after: Timers['after'] = (ms, run) => systemTimers.after(ms === 10_000 ? 20 : ms, run);
    await payments[Symbol.asyncDispose]();
    payments = await startPaymentsForTest({ timers: { ...systemTimers, after } });
    await inTrouble();
    await inTrouble();
    await eventually(async () =>
      expect((await payments.anonymous.get('/metrics')).text).toMatch(/^parked_keys\{topic="order.events",.*\} 2$/m),
    );
  });

  it('finds what is parked, newest first, page by page, and looks into one', async () => {
    const { key, parked } = await inTrouble();
    expect(parked).toMatchObject([
      { key, version: 2, reason: 'follows', state: 'waiting' },
      { key, version: 1, reason: 'failed', state: 'waiting' },
    ]);
    const first = await payments.operator.get<{ parked: readonly Parked[]; nextCursor: string }>(
      '/v1/operations/parked?limit=1',
    );
    expect(first.headers.get('link')).toContain('rel="next"');
    const next = await payments.operator.get<{ parked: readonly Parked[] }>(
      `/v1/operations/parked?limit=1&cursor=${first.body.nextCursor}`,
    );
    expect([...first.body.parked, ...next.body.parked].map(({ id }) => id)).toEqual(parked.map(({ id }) => id));
    expect((await payments.operator.get(`/v1/operations/parked/${parked[0]?.id}`)).body).toMatchObject({
      key,
      decoded: { case: 'created', value: { amount: 400, currency: 'RUB' } },
      raw: expect.any(String),
    });
    expect((await payments.operator.get('/v1/operations/parked/999999')).status).toBe(404);
  });

  it('gives up what can never run, and lets go on what came after it', async () => {
    const { key, balance, parked } = await inTrouble();
    const [created, issued] = parked;
    const drop = (id: string | undefined, reason: string) =>
      payments.operator.post<{ errors: object }>(`/v1/operations/parked/${id}/drop`, { reason });
    expect((await drop(issued?.id, ' ')).body.errors).toMatchObject([{ pointer: '/reason' }]);
    const early = await drop(created?.id, 'not wanted');
    expect([early.status, early.body.errors]).toMatchObject([400, [{ pointer: '/id' }]]);
    expect((await drop(issued?.id, 'told too early')).status).toBe(204);
    expect((await drop(issued?.id, 'told too early')).status).toBe(204);
    expect((await drop('999999', 'never there')).status).toBe(404);
    const released = await payments.operator.post(`/v1/operations/parked/${created?.id}/release`);
    expect([released.status, released.body]).toEqual([200, { released: 1 }]);
    const again = await payments.operator.post(`/v1/operations/parked/${created?.id}/release`);
    expect([again.status, again.body]).toEqual([200, { released: 0 }]);
    expect((await drop(created?.id, 'too late')).status).toBe(409);
    expect(await balance()).toBe(600);
    expect(await parkedOf(key)).toEqual([]);
    expect(await parkedOf(key, '&state=dropped')).toMatchObject([{ id: issued?.id, note: 'told too early' }]);
  });

  it('lets everything run again at once, and is told of what fails again', async () => {
    const { key, parked } = await inTrouble();
    const answer = await payments.operator.post('/v1/operations/parked/release', { rate: 100 });
    expect([answer.status, answer.body]).toEqual([202, { keys: 1 }]);
    await eventually(async () =>
      expect((await parkedOf(key)).find(({ id }) => id === parked[1]?.id)).toMatchObject({ attempts: 4 }),
    );
  });

  it('has no more of it run once the service stops', async () => {
    const waits: Promise<string>[] = [];
    const sleep: Timers['sleep'] = (ms, signal) => {
      const sleeping = systemTimers.sleep(ms, signal);
      if (ms === 1_000 / 7)
        waits.push(
          sleeping.then(
            () => 'woke up',
            () => 'was woken',
          ),
        );
      return sleeping;
    };
    await payments[Symbol.asyncDispose]();
    payments = await startPaymentsForTest({ timers: { ...systemTimers, sleep } });
    for (const _ of [1, 2, 3, 4]) await inTrouble();
    await payments.operator.post('/v1/operations/parked/release', { rate: 7 });
    await eventually(() => expect(waits).toHaveLength(1));
    await payments[Symbol.asyncDispose]();
    expect(await Promise.race([waits.at(-1), 'goes on'])).toBe('was woken');
  });

  it('holds the relay and the consumers back, as often as asked, and lets them go on', async () => {
    const of = (part: string, verb: string) => payments.operator.post(`/v1/operations/${part}/${verb}`);
    const paused = async () => {
      const { body } =
        await payments.operator.get<Record<'outbox' | 'inbox', { paused: boolean }>>('/v1/operations/status');
      return [body.outbox.paused, body.inbox.paused];
    };
    for (const [verb, expected] of [
      ['pause', true],
      ['pause', true],
      ['resume', false],
      ['resume', false],
    ] as const) {
      await eventually(async () => expect((await of('relay', verb)).status).toBe(204));
      expect((await of('consumers', verb)).status).toBe(204);
      expect(await paused()).toEqual([expected, expected]);
    }
  });

  it('sets how much is logged, but to no level that there is not', async () => {
    const put = (levels: string) => payments.operator.put<{ errors: object }>('/v1/operations/log-levels', { levels });
    expect((await put('info,inbox=debug')).body).toEqual({ levels: 'info,inbox=debug' });
    const refused = await put('inbox=loud');
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ pointer: '/levels' }]]);
  });

  it('leaves a trace of each act: who, what, and what came of it', async () => {
    const { parked } = await inTrouble();
    const [created, issued] = parked;
    await payments.operator.post(`/v1/operations/parked/${created?.id}/drop`, { reason: 'too soon' });
    await payments.operator.post(`/v1/operations/parked/${issued?.id}/drop`, { reason: 'told too early' });
    await payments.operator.post('/v1/operations/consumers/pause');
    const page = (query: string) =>
      payments.operator.get<{ acts: readonly object[]; nextCursor: string }>(`/v1/operations/audit${query}`);
    const first = await page('?limit=1');
    const actor = expect.any(String);
    expect(first.body.acts).toMatchObject([{ actor, action: 'consumers.pause', outcome: 'done' }]);
    expect((await page(`?limit=2&cursor=${first.body.nextCursor}`)).body.acts).toMatchObject([
      { actor, action: 'parked.drop', subject: issued?.id, detail: 'told too early', outcome: 'done' },
      { actor, action: 'parked.drop', subject: created?.id, outcome: 'refused' },
    ]);
    expect((await page('?cursor=nonsense')).status).toBe(400);
  });

  it('is nobody else: not staff, not a machine, not a customer', async () => {
    for (const http of [payments.staff, payments.machine, payments.person().http])
      expect((await http.get('/v1/operations/parked')).status).toBe(403);
    expect((await payments.anonymous.get(`/v1/operations/parked/${randomUUID()}`)).status).toBe(401);
  });
});
