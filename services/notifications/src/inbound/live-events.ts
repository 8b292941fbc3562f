import { decode, OrderEvent, PaymentEvent, topics, type EventMeta, type EventsOf } from '@g-store/contracts';
import type { FeedRecord } from '../live/feed.js';
import { balanceMessage, orderMessage, type News } from '../live/news.js';

/** The topics that sockets hear of. */
export const liveTopics = [topics.orderEvents, topics.paymentEvents] as const;

/** What a record means to sockets; undefined when nothing. @throws Undecodable */
export function readNews(topic: string, { value }: Pick<FeedRecord, 'value'>): News | undefined {
  const bytes = value ?? Buffer.alloc(0);
  switch (topic) {
    case topics.orderEvents.name:
      return orderNews(bytes);
    case topics.paymentEvents.name:
      return paymentNews(bytes);
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
  const event = decode<EventsOf<typeof PaymentEvent>>(PaymentEvent, bytes);
  if (event.case !== 'balanceChanged') return undefined;
  const { accountVersion, ...value } = event.value;
  return {
    ...placeOf(event.meta),
    open: balanceMessage({ ...value, version: accountVersion, at: event.meta.occurredAt }),
  };
}

const placeOf = ({ owner, aggregateId, aggregateVersion, occurredAt }: EventMeta) => ({
  owner,
  key: aggregateId,
  version: aggregateVersion,
  occurredAtMs: occurredAt.getTime(),
});
