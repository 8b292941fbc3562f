import { decode, type EventMeta, type MessageType, type Topic } from '@g-store/contracts';
import type { ReceivedRecord } from '../broker.js';
import type { Subscription } from '../subscription.js';
import { storable } from './records.js';

/** A record as the inbox looks at it. Without `event` its bytes could not be read as an event of its topic. */
export interface Heard {
  readonly offset: bigint;
  readonly key: string;
  readonly raw: Buffer;
  readonly headers?: ReceivedRecord['headers'];
  readonly event?: HeardEvent;
  readonly fault?: string;
}

export interface HeardEvent {
  readonly meta: EventMeta;
  /** `undefined`: a case that this build does not know. */
  readonly case: string | undefined;
  readonly value: object;
}

/** The trace that an event belongs to, for the log. */
export const traceOf = (event: HeardEvent | undefined): string | undefined => event?.meta.traceparent?.split('-')[1];

/** The subscriptions of a consumer to one topic, by case. */
export interface TopicSubscriptions<W> {
  readonly topic: Topic;
  readonly subscriptionByCase: ReadonlyMap<string, Subscription<W>>;
}

/** UUIDv7 carries its time, which is how the inbox is partitioned; nothing else can be told from a repeat. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

export const uuidV7Ms = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

export function hear(
  message: MessageType<object>,
  { offset, key, value, headers }: ReceivedRecord,
  nowMs: number,
): Heard {
  const raw = value ?? Buffer.alloc(0);
  const heard = { offset, key: storable(key?.toString('utf8') ?? ''), raw, ...(headers && { headers }) };
  try {
    return { ...heard, event: readEvent(message, heard.key, raw, nowMs) };
  } catch (error) {
    return { ...heard, fault: (error as Error).message };
  }
}

function readEvent(message: MessageType<object>, key: string, raw: Buffer, nowMs: number): HeardEvent {
  const decoded = decode(message, raw) as { meta: EventMeta; case: string | undefined; value?: object };
  const { eventId, aggregateId } = decoded.meta;
  if (!UUID_V7.test(eventId)) throw new TypeError(`event id ${JSON.stringify(eventId)} is not a UUIDv7`);
  if (uuidV7Ms(eventId) > nowMs + MAX_AHEAD_MS) throw new TypeError(`event id ${eventId} is from the future`);
  if (aggregateId !== key)
    throw new TypeError(`aggregate id ${JSON.stringify(aggregateId)} is not the key of the record`);
  return { meta: decoded.meta, case: decoded.case, value: decoded.value ?? {} };
}
