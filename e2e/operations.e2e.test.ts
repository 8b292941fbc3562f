import { eventually } from '@g-store/testing';
import {
  becomes,
  cancel,
  customer,
  expectStatus,
  givePoints,
  http,
  operatorToken,
  placeOrder,
  pointsBecome,
} from './shop';
import { gateway } from './stack';

interface Journey {
  readonly status: string;
  readonly charged: number;
  readonly refunded: number;
  readonly pointsSpent: number;
  readonly pointsReturned: number;
  readonly waitsFor: unknown;
  readonly fault: unknown;
  readonly traceIds: readonly string[];
  readonly steps: readonly {
    readonly id: string;
    readonly type: string;
    readonly service: string;
    readonly compensation: boolean;
    readonly causationId: string | null;
    readonly value: Record<string, unknown>;
  }[];
}

/** What an event stream of the gateway says, as it comes. */
async function follow(path: string, token: string): Promise<Disposable & { readonly seen: readonly Journey[] }> {
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${gateway}${path}`, { headers, signal: leaving.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const seen: Journey[] = [];
  const read = async (): Promise<void> => {
    let text = '';
    const reader = response.body?.getReader();
    for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
      text += Buffer.from(next.value).toString();
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const data = /^data: (.*)$/m.exec(frame)?.[1];
        if (data !== undefined) seen.push(JSON.parse(data) as Journey);
      }
    }
  };
  void read().catch(() => undefined); // ends when we leave
  return { seen, [Symbol.dispose]: () => leaving.abort() };
}

it('an operator sees an order on its way through every service, live, until it is taken back', async () => {
  const token = await operatorToken();
  const anna = await customer(100_000);
  await givePoints(anna.id, 5_000);
  await pointsBecome(anna, 5_000);
  const id = await placeOrder(anna, { amount: 20_000, pointsToSpend: 5_000, description: 'a ring for Anna' });
  await becomes(anna, id, 'PAID');
  await eventually(async () => expectStatus(await http.get(`/api/journal/v1/journeys/${id}`, { token }), 200), {
    within: 20_000,
  });
  using followed = await follow(`/api/journal/v1/journeys/${id}?follow=true`, token);
  await eventually(() => expect(followed.seen.at(-1)).toMatchObject({ status: 'PAID', waitsFor: null }), {
    within: 20_000,
  });

  expectStatus(await cancel(anna, id), 204);
  await eventually(
    () =>
      expect(followed.seen.at(-1)).toMatchObject({
        status: 'CANCELLED',
        charged: 15_000,
        refunded: 15_000,
        pointsSpent: 5_000,
        pointsReturned: 5_000,
        waitsFor: null,
        fault: null,
      }),
    { within: 20_000 },
  );
  await eventually(() => expect(followed.seen.at(-1)?.steps).toHaveLength(9), { within: 20_000 });
  const steps = followed.seen.at(-1)?.steps ?? [];
  expect(steps[0]).toMatchObject({ type: 'OrderCreated', service: 'orders', value: { description: '***' } });
  expect(steps.map(({ type, compensation }) => `${type}${compensation ? '!' : ''}`).sort()).toEqual([
    'BalanceChanged',
    'BalanceChanged!',
    'OrderCancelled',
    'OrderCreated',
    'OrderStatusChanged',
    'PaymentProcessed',
    'PaymentRefunded!',
    'PointsReturned!',
    'PointsSpent',
  ]);
  // Each effect stands behind its cause, whichever service it is of.
  const place = new Map(steps.map((step, at) => [step.id, at]));
  for (const [at, { causationId }] of steps.entries())
    if (causationId !== null && place.has(causationId)) expect(place.get(causationId)).toBeLessThan(at);
  expect(steps.filter(({ causationId }) => causationId !== null && place.has(causationId)).length).toBeGreaterThan(4);
});
