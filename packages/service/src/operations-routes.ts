import {
  actorOf,
  decodeCursor,
  encodeCursor,
  nextLink,
  noContent,
  none,
  ok,
  accepted,
  pageQuery,
  Problem,
  route,
  type Route,
} from '@g-store/http';
import type { AuditTrail, ParkedMessage, Parking } from '@g-store/messaging';
import { z } from 'zod';
import type { Foundation } from './foundation.js';
import { ParkedView, parkedStates, ReleasedView, StatusView, WholeParkedView } from './operations-views.js';
import { releaseAll } from './release-all.js';
import { steeringRoutes } from './steering-routes.js';

const tags = ['operations'];
const Id = z.strictObject({ id: z.string().regex(/^\d{1,18}$/, 'must be the id of a parked message') });
const Filter = pageQuery.extend({
  topic: z.string().max(200).optional(),
  key: z.string().max(200).optional(),
  state: z.enum(parkedStates).default('waiting'),
});

export interface OperationsOptions {
  readonly trail: AuditTrail;
  readonly version: string;
  /** Sockets that are open here, for the service that has any. */
  readonly sockets?: () => number;
}

/** What operators ask every service: how it is, what is parked, and to let it go on. */
export function operationsRoutes<W>(
  foundation: Foundation<W>,
  { trail, version, sockets }: OperationsOptions,
): readonly Route[] {
  const { name, health, relay, consumer, parking } = foundation;
  return [
    route(
      {
        method: 'get',
        path: '/v1/operations/status',
        summary: 'How the service is',
        tags,
        caller: 'operator',
        answers: { 200: StatusView },
      },
      async () => {
        const outbox = await relay?.status();
        const lag = consumer?.lag() ?? new Map<string, bigint>();
        return ok({
          service: name,
          version,
          ...health.readiness(),
          outbox: outbox && { ...outbox, fence: String(outbox.fence) },
          inbox: consumer && {
            paused: consumer.paused,
            lag: Object.fromEntries([...lag].map(([partition, behind]) => [partition, Number(behind)])),
            lagSeconds: consumer.lagSeconds(),
          },
          parked: (await parking?.count()) ?? 0,
          sockets: sockets?.() ?? 0,
        });
      },
    ),
    ...steeringRoutes(foundation, trail),
    ...(parking === undefined ? [] : parkedRoutes(foundation, parking, trail)),
  ];
}

function parkedRoutes<W>(foundation: Foundation<W>, parking: Parking, trail: AuditTrail): readonly Route[] {
  const aged = <M extends ParkedMessage>(message: M) => ({
    ...message,
    ageSeconds: Math.max(0, (foundation.clock.now().getTime() - message.parkedAt.getTime()) / 1_000),
  });
  const found = <T>(message: T | undefined): T => {
    if (message === undefined) throw new Problem('not_found');
    return message;
  };
  return [
    route(
      {
        method: 'get',
        path: '/v1/operations/parked',
        summary: 'What is parked, newest first',
        tags,
        caller: 'operator',
        query: Filter,
        answers: { 200: z.object({ parked: z.array(ParkedView), nextCursor: z.string().nullable() }) },
      },
      async ({ query: { topic, key, state, cursor, limit }, url }) => {
        const [before] = decodeCursor(z.tuple([z.string().regex(/^\d{1,18}$/)]), cursor) ?? [];
        const parked = await parking.list({
          state,
          limit,
          ...(topic && { topic }),
          ...(key && { key }),
          ...(before && { before }),
        });
        const last = parked.length === limit ? parked.at(-1) : undefined;
        const nextCursor = last ? encodeCursor([last.id]) : null;
        return ok({ parked: parked.map(aged), nextCursor }, nextLink(url, nextCursor));
      },
    ),
    route(
      {
        method: 'get',
        path: '/v1/operations/parked/:id',
        summary: 'One parked message, decoded and raw',
        tags,
        caller: 'operator',
        params: Id,
        answers: { 200: WholeParkedView },
        refusals: ['not_found'],
      },
      async ({ params }) => {
        const { raw, ...message } = found(await parking.show(params.id));
        return ok({ ...aged(message), raw: raw.toString('base64') });
      },
    ),
    route(
      {
        method: 'post',
        path: '/v1/operations/parked/:id/release',
        summary: 'Run what waits of its key, in order',
        tags,
        caller: 'operator',
        idempotent: false,
        params: Id,
        answers: { 200: ReleasedView },
        refusals: ['not_found'],
      },
      async ({ params, caller }) => {
        const { topic, key } = found(await parking.show(params.id));
        return ok(await parking.release({ topic, key }, actorOf(caller)));
      },
    ),
    route(
      {
        method: 'post',
        path: '/v1/operations/parked/:id/drop',
        summary: 'Give a parked message up',
        description: 'Its key goes on as if it had run without effect. To drop it again changes nothing.',
        tags,
        caller: 'operator',
        idempotent: false,
        params: Id,
        body: z.strictObject({ reason: z.string().trim().min(1).max(1_000) }),
        answers: { 204: none },
        refusals: ['not_found', 'invalid_transition'],
      },
      async ({ params, body, caller }) => {
        switch (await parking.drop(params.id, body.reason, actorOf(caller))) {
          case 'dropped':
            return noContent();
          case 'not there':
            throw new Problem('not_found');
          case 'not waiting':
            throw new Problem('invalid_transition', 'it does not wait any more');
          case 'not first': {
            const detail = 'has an earlier version of its key waiting before it: release or drop that one first';
            throw new Problem('validation_failed', detail, { errors: [{ pointer: '/id', detail }] });
          }
        }
      },
    ),
    route(
      {
        method: 'post',
        path: '/v1/operations/parked/release',
        summary: 'Run everything that waits, key by key, at a rate',
        tags,
        caller: 'operator',
        idempotent: false,
        body: z.strictObject({
          topic: z.string().max(200).optional(),
          key: z.string().max(200).optional(),
          rate: z.int().min(1).max(10_000),
        }),
        answers: { 202: z.object({ keys: z.int() }) },
      },
      async ({ body: { rate, topic, key }, caller }) => {
        const actor = actorOf(caller);
        const subject = [topic ?? 'every topic', key ?? 'every key'].join('/');
        await trail.record({ actor, action: 'parked.release-all', subject, detail: `${rate} keys/s`, outcome: 'done' });
        const asked = { rate, ...(topic && { topic }), ...(key && { key }) };
        return accepted({ keys: await releaseAll(foundation, parking, asked, actor) });
      },
    ),
  ];
}
