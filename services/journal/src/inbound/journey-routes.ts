import {
  decodeCursor,
  encodeCursor,
  eventFrame,
  eventStream,
  nextLink,
  ok,
  pageQuery,
  Problem,
  route,
  type Route,
} from '@g-store/http';
import { z } from 'zod';
import { invariants } from '../application/checks.js';
import type { Dependencies } from './dependencies.js';
import { JourneyView, Step, toJourneyView } from './views.js';

const Follow = z.strictObject({ follow: z.enum(['true', 'false']).optional() });

const StuckView = z.object({
  limitSeconds: z.number(),
  items: z.array(
    z.object({
      orderId: z.uuid(),
      customerId: z.string(),
      status: z.string(),
      step: Step,
      since: z.iso.datetime(),
      forSeconds: z.int(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

const InvariantsView = z.object({
  checkedAt: z.iso.datetime().nullable(),
  items: z.array(
    z.object({
      name: z.enum(invariants),
      state: z.enum(['holds', 'broken', 'unknown']),
      looked: z.int().meta({ description: 'what was looked at; 0 = unknown' }),
      checkedAt: z.iso.datetime().nullable(),
      mismatches: z
        .array(z.object({ orderId: z.uuid().nullable(), account: z.string().nullable(), detail: z.string() }))
        .meta({ description: 'the first 20' }),
      mismatchCount: z.int(),
    }),
  ),
});

const caller = 'operator';

/** Where orders are, which of them are stuck, and whether everything adds up. */
export const journeyRoutes = ({ reader, checks, follow, clock, stuckAfterMs }: Dependencies): readonly Route[] => {
  const stuckBefore = (): Date => new Date(clock.now().getTime() - stuckAfterMs);

  const view = async (orderId: string): Promise<object> => {
    const journey = await reader.journey(orderId);
    if (journey === undefined) throw new Problem('journey_not_found', 'no event of this order was heard');
    return toJourneyView(journey, stuckBefore());
  };

  return [
    route(
      {
        method: 'get',
        path: '/v1/journeys/:orderId',
        summary: 'What every service did for an order',
        description:
          'With `follow=true` as server-sent events: the whole answer at once, and again each time it changes.',
        tags: ['journeys'],
        caller,
        params: z.strictObject({ orderId: z.uuid() }),
        query: Follow,
        order: 'orderId',
        answers: { 200: JourneyView },
        events: JourneyView,
        refusals: ['journey_not_found'],
      },
      async ({ params, query, headers, gone }) => {
        const orderId = params.orderId.toLowerCase();
        const first = await view(orderId);
        if (query.follow !== 'true') return ok(first);
        let last = '';
        return eventStream(
          follow({ headers, gone }, async () => {
            const frame = eventFrame({ event: 'journey', data: await view(orderId) });
            if (frame === last) return [];
            last = frame;
            return [frame];
          }),
        );
      },
    ),

    route(
      {
        method: 'get',
        path: '/v1/stuck',
        summary: 'Orders that wait for a step longer than they should, the longest first',
        tags: ['journeys'],
        caller,
        query: pageQuery,
        answers: { 200: StuckView },
      },
      async ({ query: { cursor, limit }, url }) => {
        const [since, orderId] = decodeCursor(z.tuple([z.iso.datetime(), z.uuid()]), cursor) ?? [];
        const found = await reader.stuck({
          before: stuckBefore(),
          limit: limit + 1,
          ...(since !== undefined && orderId !== undefined && { after: { since: new Date(since), orderId } }),
        });
        const items = found.slice(0, limit);
        const last = found.length > limit ? items.at(-1) : undefined;
        const nextCursor = last ? encodeCursor([last.since.toISOString(), last.orderId]) : null;
        const nowMs = clock.now().getTime();
        return ok(
          {
            limitSeconds: stuckAfterMs / 1_000,
            items: items.map(({ owner, ...order }) => ({
              ...order,
              customerId: owner,
              forSeconds: Math.floor((nowMs - order.since.getTime()) / 1_000),
            })),
            nextCursor,
          },
          nextLink(url, nextCursor),
        );
      },
    ),

    route(
      {
        method: 'get',
        path: '/v1/invariants',
        summary: 'Whether everything that was heard adds up',
        tags: ['invariants'],
        caller,
        answers: { 200: InvariantsView },
      },
      async () => {
        const last = checks.last();
        const checkedAt = last?.checkedAt ?? null;
        return ok({
          checkedAt,
          items: invariants.map((name) => {
            const found = last?.findings.find((finding) => finding.name === name);
            const { looked = 0n, mismatches = [], mismatchCount = 0 } = found ?? {};
            const state = mismatchCount > 0 ? 'broken' : looked === 0n ? 'unknown' : 'holds';
            return { name, state, looked, checkedAt, mismatches, mismatchCount };
          }),
        });
      },
    ),
  ];
};
