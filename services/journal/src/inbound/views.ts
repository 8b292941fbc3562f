import { decode, type EventMeta, type Topic } from '@g-store/contracts';
import { z } from 'zod';
import type { Journey } from '../application/reader.js';
import type { KeptEvent } from '../application/work.js';
import { inCausalOrder } from '../domain/causal-order.js';
import { masked } from '../domain/masking.js';
import { topicByName } from './catalogue.js';

const nullable = { text: z.string().nullable(), amount: z.int().nullable(), time: z.iso.datetime().nullable() };
const minor = z.int().meta({ description: 'minor units, or 1/100 point' });

export const EventView = z.object({
  id: z.uuid(),
  type: z.string().meta({ example: 'OrderCreated' }),
  service: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  key: z.string(),
  version: z.int(),
  orderId: nullable.text,
  account: nullable.text,
  occurredAt: z.iso.datetime(),
  heardAt: z.iso.datetime(),
  correlationId: z.string(),
  causationId: nullable.text,
  traceId: nullable.text,
  value: z
    .record(z.string(), z.unknown())
    .meta({ description: 'Decoded; what names a person or is free text is `***`' }),
});
export const RawEventView = EventView.extend({ raw: z.base64().meta({ description: 'The bytes as they came' }) });

const steps = ['payment', 'points', 'order', 'refund', 'return'] as const;
export const Step = z.enum(steps).meta({
  description: 'Who has to act: payments, points, orders; payments giving back money, points giving back points',
});

export const JourneyView = z.object({
  orderId: z.uuid(),
  customerId: z.string(),
  status: nullable.text,
  version: z.int(),
  amount: nullable.amount,
  pointsToSpend: nullable.amount,
  charged: minor,
  refunded: minor,
  pointsSpent: minor,
  pointsReturned: minor,
  pointsEarned: minor,
  traceIds: z.array(z.string()),
  startedAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  durationMs: z.int(),
  waitsFor: z.object({ step: Step, since: z.iso.datetime(), stuck: z.boolean() }).nullable(),
  fault: z.enum(['refund_exceeds_charge', 'return_exceeds_spending']).nullable(),
  steps: z
    .array(
      EventView.extend({
        afterMs: nullable.amount.meta({ description: 'since its cause, or since the first of the order' }),
        compensation: z.boolean(),
        attempts: z.int().meta({ description: 'how often its cause was tried until this came of it' }),
        repeats: z.int().meta({ description: 'how often it came again' }),
      }),
    )
    .meta({ description: 'In causal order' }),
});

export const toEventView = (event: KeptEvent): z.infer<typeof EventView> => toView(opened(event));

export const toRawEventView = (event: KeptEvent): z.infer<typeof RawEventView> => ({
  ...toEventView(event),
  raw: event.raw.toString('base64'),
});

/** With what its bytes say. Decoded when it is read: a rule of masking that is added later holds for what was heard before. */
function opened<E extends KeptEvent>(event: E) {
  const { message, owner } = topicByName.get(event.topic) as Topic;
  const { meta, value } = decode(message, event.raw) as { readonly meta: EventMeta; readonly value?: object };
  return {
    ...event,
    id: event.eventId,
    service: owner,
    key: meta.aggregateId,
    version: meta.aggregateVersion,
    attempts: meta.attempts ?? 1,
    traceId: meta.traceparent?.split('-')[1] ?? null,
    value: masked(value ?? {}) as Record<string, unknown>,
  };
}

type Opened = ReturnType<typeof opened>;

const toView = (event: Opened): z.infer<typeof EventView> => ({
  id: event.id,
  type: event.type,
  service: event.service,
  topic: event.topic,
  partition: event.partition,
  offset: String(event.offset),
  key: event.key,
  version: event.version,
  orderId: event.orderId,
  account: event.accountId,
  occurredAt: event.occurredAt.toISOString(),
  heardAt: event.heardAt.toISOString(),
  correlationId: event.correlationId,
  causationId: event.causationId,
  traceId: event.traceId,
  value: event.value,
});

/** `stuckBefore`: what has waited since before that is stuck. */
export function toJourneyView({ order, events }: Journey, stuckBefore: Date): object {
  const ordered = inCausalOrder(events.map(opened));
  const byId = new Map(ordered.map((event) => [event.id, event]));
  const { waitsFor, waitsSince } = order;
  return {
    orderId: order.orderId,
    customerId: order.owner,
    status: order.status,
    version: order.version,
    amount: order.amount,
    pointsToSpend: order.pointsToSpend,
    charged: order.charged,
    refunded: order.refunded,
    pointsSpent: order.spent,
    pointsReturned: order.returned,
    pointsEarned: order.earned,
    traceIds: [...new Set(ordered.flatMap(({ traceId }) => traceId ?? []))],
    startedAt: order.startedAt,
    lastAt: order.lastAt,
    durationMs: order.lastAt.getTime() - order.startedAt.getTime(),
    waitsFor:
      waitsFor === null || waitsSince === null
        ? null
        : { step: waitsFor, since: waitsSince, stuck: waitsSince < stuckBefore && order.heardAt < stuckBefore },
    fault: order.fault,
    steps: ordered.map((event, at) => {
      const cause = byId.get(event.causationId ?? '') ?? ordered[0];
      return {
        ...toView(event),
        // Of two services' clocks one may be behind.
        afterMs: at === 0 || !cause ? null : Math.max(0, event.occurredAt.getTime() - cause.occurredAt.getTime()),
        compensation: isCompensation(event),
        attempts: event.attempts,
        repeats: event.repeats,
      };
    }),
  };
}

/** Takes back what was done for an order that is cancelled. */
const isCompensation = ({ type, value }: Opened): boolean =>
  type === 'PaymentRefunded' || type === 'PointsReturned' || (type === 'BalanceChanged' && value['kind'] === 'REFUND');
