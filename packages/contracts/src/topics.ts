import type { MessageType } from './message-type.js';
import {
  AccrualEvent,
  IdentityEvent,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  PointsRequest,
} from './generated/events.js';

export type TopicOwner = 'orders' | 'payments' | 'points' | 'accrual' | 'identity';

export interface Topic {
  /** How the outbox names the topic; fixed for ever, never given to another. */
  readonly id: number;
  readonly name: string;
  /** Fixed for ever: another count would send a key to another partition. */
  readonly partitions: number;
  readonly message: MessageType<object>;
  /** The one service that tells its events. */
  readonly owner: TopicOwner;
  /** What the Kafka key is the id of. */
  readonly key: string;
  readonly retentionMs: number;
}

const retentionMs = 7 * 24 * 60 * 60 * 1000;

export const topics = {
  orderEvents: {
    id: 1,
    name: 'order.events',
    partitions: 6,
    message: OrderEvent,
    owner: 'orders',
    key: 'order',
    retentionMs,
  },
  paymentEvents: {
    id: 2,
    name: 'payment.events',
    partitions: 6,
    message: PaymentEvent,
    owner: 'payments',
    key: 'order or account',
    retentionMs,
  },
  pointsRequests: {
    id: 3,
    name: 'points.requests',
    partitions: 6,
    message: PointsRequest,
    owner: 'points',
    key: 'account',
    retentionMs,
  },
  pointsEvents: {
    id: 4,
    name: 'points.events',
    partitions: 6,
    message: PointsEvent,
    owner: 'points',
    key: 'order or account',
    retentionMs,
  },
  accrualEvents: {
    id: 5,
    name: 'accrual.events',
    partitions: 6,
    message: AccrualEvent,
    owner: 'accrual',
    key: 'order number',
    retentionMs,
  },
  identityEvents: {
    id: 6,
    name: 'identity.events',
    partitions: 3,
    message: IdentityEvent,
    owner: 'identity',
    key: 'user',
    retentionMs,
  },
} as const satisfies Record<string, Topic>;

const all: readonly Topic[] = Object.values(topics);

export const topicById: ReadonlyMap<number, Topic> = new Map(all.map((topic) => [topic.id, topic]));

const topicByMessage: ReadonlyMap<string, Topic> = new Map(all.map((topic) => [topic.message.name, topic]));

/** The topic that carries this message. */
export function topicOf(message: MessageType<object>): Topic {
  const topic = topicByMessage.get(message.name);
  if (topic === undefined) throw new Error(`no topic carries ${message.name}`);
  return topic;
}
