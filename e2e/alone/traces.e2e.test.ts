import { randomBytes } from 'node:crypto';
import { eventually, startTraceCollector, type CollectedSpan } from '@g-store/testing';
import { becomes, customer, expectStatus, givePoints, http, pointsBecome, rewardFor } from '../shop';
import { INSTANCES, killPart, OTLP_PORT, reviveWith, secret, verify } from '../stack';

jest.setTimeout(240_000);

const services = ['orders', 'payments', 'points', 'accrual', 'notifications', 'journal'] as const;
/** Any of the instances may be the one that hears of the order. */
const processes = [...services, ...Array.from({ length: INSTANCES - 1 }, (_, index) => `notifications-${index + 2}`)];

// They go on telling a collector that is gone, which is to harm nobody.
afterAll(() => verify());

describe('a trace', () => {
  it('of one order goes through every service that has to do with it, over outbox and inbox, from its first request to its reward', async () => {
    await using collector = await startTraceCollector(OTLP_PORT);
    for (const name of processes) await killPart(name);
    await reviveWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }, ...processes);
    const [anna, match] = [await customer(5_000), await rewardFor(10)];
    await givePoints(anna.id, 500);

    const [traceId, shoppers] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const headers = { traceparent: `00-${traceId}-${shoppers}-01` };
    const placed = await http.post<{ orderId: string }>(
      '/api/orders/v1/orders',
      { amount: 1_000, pointsToSpend: 500, description: match },
      { token: anna.token, headers },
    );
    const { orderId } = expectStatus(placed, 201);
    await becomes(anna, orderId, 'PAID');
    for (const status of ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED']) {
      const path = `/api/orders/v1/staff/orders/${orderId}/status`;
      expectStatus(await http.patch(path, { status }, { staffKey: secret('staff-api-key'), headers }), 204);
    }
    await pointsBecome(anna, 100);

    const spans = await eventually(
      () => {
        const all = collector.spans.filter((span) => span.traceId === traceId);
        for (const expected of [
          'orders POST /v1/orders',
          'payments process order.events created',
          'points process order.events created',
          'orders process payment.events processed',
          'orders process points.events spent',
          'notifications process order.events created',
          'accrual process order.events statusChanged',
          'points process accrual.events rewardCalculated',
          'notifications process points.events earned',
          'journal process points.events earned',
        ])
          expect(all.map(({ service, name }) => `${service} ${name}`)).toContain(expected);
        return all;
      },
      { within: 20_000, every: 200 },
    );
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(services));
    expect(spans.filter(({ failed }) => failed)).toEqual([]);

    // Each has the one that caused it, up to the request of the shopper.
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const rootOf = ({ parentSpanId = '' }: CollectedSpan): string => {
      const parent = byId.get(parentSpanId);
      return parent === undefined ? parentSpanId : rootOf(parent);
    };
    expect(new Set(spans.map(rootOf))).toEqual(new Set([shoppers]));
    const earned = spans.find(
      ({ service, name }) => service === 'notifications' && name.endsWith('points.events earned'),
    );
    const causes = (span: CollectedSpan | undefined): readonly string[] =>
      span === undefined ? [] : [span.service, ...causes(byId.get(span.parentSpanId ?? ''))];
    expect(causes(earned)).toEqual(['notifications', 'points', 'accrual', 'orders']);

    // What serves many traces at once is on none of them, and linked to each.
    for (const batch of ['commit', 'publish', 'receive order.events']) {
      const linked = collector.spans.filter(({ name, links }) => name === batch && links.some((id) => byId.has(id)));
      expect([batch, linked.length > 0, linked.some((span) => span.traceId === traceId)]).toEqual([batch, true, false]);
    }
    const received = new Set(
      collector.spans.flatMap(({ name, spanId }) => (name.startsWith('receive') ? [spanId] : [])),
    );
    const processed = spans.filter(({ name }) => name.startsWith('process'));
    expect(processed.every(({ links }) => links.some((id) => received.has(id)))).toBe(true);
  });
});
