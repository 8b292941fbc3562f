import type { Clock, Span, Tracing } from '@g-store/runtime';
import type { HeardRecord, Subscription } from '../subscription.js';
import type { Announced } from '../table.js';
import type { Transaction } from '../unit-of-work/transaction.js';
import type { Cause, Rows } from '../work.js';
import type { HeardEvent, TopicSubscriptions } from './heard.js';

export interface InboxContext<W> {
  readonly consumer: string;
  /** Where the offsets of this batch belong. */
  readonly cluster: string;
  readonly subscriptions: TopicSubscriptions<W>;
  readonly workIn: (rows: Rows) => W;
  readonly clock: Clock;
  readonly tracing?: Tracing | undefined;
  /** The span of the batch in whose transaction a message is applied. */
  readonly batch?: string | undefined;
}

/** What became of a message; `unknown`: of a case that this build does not know. */
export type Result = 'applied' | 'unknown' | 'repeat' | 'parked';

export const subscriptionOf = <W>(
  { subscriptions }: InboxContext<W>,
  event: HeardEvent | undefined,
): Subscription<W> | undefined =>
  event?.case === undefined ? undefined : subscriptions.subscriptionByCase.get(event.case);

/** What a handler is told of the record, whether it comes from Kafka now or was parked before. */
export const recordOf = <W>(
  { subscriptions }: InboxContext<W>,
  partition: number,
  { offset, raw }: Pick<HeardRecord, 'offset' | 'raw'>,
): HeardRecord => ({ topic: subscriptions.topic.name, partition, offset, raw });

/**
 * Runs the handler; an event that nobody here wants, or of a case unknown to this build, only moves its stream on.
 * `attempts` counts the tries, this one included.
 */
export async function apply<W>(
  transaction: Transaction,
  context: InboxContext<W>,
  event: HeardEvent,
  record: HeardRecord,
  attempts: number,
): Promise<Result> {
  const subscription = subscriptionOf(context, event);
  if (subscription === undefined) return event.case === undefined ? 'unknown' : 'applied';
  const span = spanOf(context, event);
  try {
    const cause = causeOf(event, span?.traceparent, attempts);
    await transaction.run(
      cause,
      (rows) => subscription.handle(context.workIn(rows), event.value, event.meta, record),
      always,
    );
  } catch (error) {
    span?.end(error);
    throw error;
  }
  span?.end();
  return 'applied';
}

/** Tells a subscription that wants to know it of an event that was heard before. */
export async function noteRepeat<W>(
  transaction: Transaction,
  context: InboxContext<W>,
  event: HeardEvent | undefined,
): Promise<void> {
  const repeated = subscriptionOf(context, event)?.repeated;
  if (event && repeated)
    await transaction.run(causeOf(event), (rows) => repeated(context.workIn(rows), event.meta), always);
}

function causeOf(
  { meta: { correlationId, eventId, traceparent: told } }: HeardEvent,
  traceparent = told,
  attempts = 1,
): Cause {
  return {
    correlationId,
    causationId: eventId,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(attempts > 1 && { attempts }),
  };
}

const always = (): boolean => true;

/** On the trace of whoever caused the event; a message that has to be tried again has one for each try. */
const spanOf = <W>(
  { tracing, batch, subscriptions, consumer }: InboxContext<W>,
  { meta, case: eventCase }: HeardEvent,
): Span | undefined =>
  tracing?.start(`process ${subscriptions.topic.name} ${eventCase}`, {
    kind: 'consumer',
    parent: meta.traceparent,
    links: [batch],
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': subscriptions.topic.name,
      'messaging.consumer.group.name': consumer,
      'messaging.kafka.message.key': meta.aggregateId,
      'messaging.message.id': meta.eventId,
    },
  });

/** What an event's subscription announces; nothing for an event so odd that announcing fails: its handler will say so. */
export function announcedBy<W>(context: InboxContext<W>, event: HeardEvent | undefined): readonly Announced[] {
  try {
    return (event && subscriptionOf(context, event)?.announce(event.value, event.meta)) ?? [];
  } catch {
    return [];
  }
}
