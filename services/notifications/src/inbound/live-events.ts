import {
  decode,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  topics,
  type EventMeta,
  type EventsOf,
} from '@g-store/contracts';
import type { FeedRecord } from '../live/feed.js';
import type { PointsChange } from '../domain/points.js';
import { balanceMessage, orderMessage, type News } from '../live/news.js';
import { pointsChangeBy, type ChangingCase } from './points-changes.js';

/** The topics that sockets hear of. */
export const liveTopics = [topics.orderEvents, topics.paymentEvents, topics.pointsEvents] as const;

/** What a record means to sockets; undefined when nothing. @throws Undecodable */
export function readNews(topic: string, { value }: Pick<FeedRecord, 'value'>): News | undefined {
  const bytes = value ?? Buffer.alloc(0);
  switch (topic) {
    case topics.orderEvents.name:
      return orderNews(bytes);
    case topics.paymentEvents.name:
      return paymentNews(bytes);
    case topics.pointsEvents.name:
      return pointsNews(bytes);
    default:
      return undefined;
  }
}

function orderNews(bytes: Uint8Array): News | undefined {
  const event = decode<EventsOf<typeof OrderEvent>>(OrderEvent, bytes);
  const { meta } = event;
  const news = (status: string, reason?: string): News => ({
    ...placeOf(meta),
    orderId: meta.aggregateId,
    open: orderMessage({
      orderId: meta.aggregateId,
      status,
      ...(reason !== undefined && { reason }),
      version: meta.aggregateVersion,
      at: meta.occurredAt,
    }),
  });
  switch (event.case) {
    case 'created':
      return news('PENDING');
    case 'statusChanged':
      return news(event.value.to);
    case 'cancelled':
      return news('CANCELLED', event.value.reason);
    case undefined:
      return undefined;
  }
}

function paymentNews(bytes: Uint8Array): News | undefined {
  const { meta, ...event } = decode<EventsOf<typeof PaymentEvent>>(PaymentEvent, bytes);
  if (event.case !== 'balanceChanged') return undefined;
  const { accountVersion: version, ...value } = event.value;
  return { ...placeOf(meta), open: balanceMessage('balance.changed', { ...value, version, at: meta.occurredAt }) };
}

function pointsNews(bytes: Uint8Array): News | undefined {
  const event = decode<EventsOf<typeof PointsEvent>>(PointsEvent, bytes);
  if (event.case === undefined || event.case === 'spendRefused') return undefined;
  const change = changeOf(event);
  const { meta } = event;
  const version = event.value.accountVersion;
  return { ...placeOf(meta), open: balanceMessage('points.changed', { ...change, version, at: meta.occurredAt }) };
}

type PointsCases = EventsOf<typeof PointsEvent>;
const changeOf = <C extends ChangingCase>(event: { readonly case: C; readonly value: PointsCases[C] }): PointsChange =>
  pointsChangeBy[event.case](event.value);

const placeOf = ({ owner, aggregateId, aggregateVersion, occurredAt }: EventMeta) => ({
  owner,
  key: aggregateId,
  version: aggregateVersion,
  occurredAtMs: occurredAt.getTime(),
});
