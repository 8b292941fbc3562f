import { decode, topicById, type EventMeta, type Topic } from '@g-store/contracts';
import type { Counter, Log, Randomness, Span, Timers, Tracing } from '@g-store/runtime';
import type { Broker, OutgoingRecord } from '../broker.js';
import type { OutboxRow } from './ticks.js';

/** What of the catalogue the relay needs. */
export type RelayTopic = Pick<Topic, 'id' | 'name' | 'partitions'>;

export interface Appending {
  readonly broker: Broker;
  readonly topicById: ReadonlyMap<number, RelayTopic>;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly published: Counter;
  readonly failures: Counter;
  readonly tracing?: Tracing | undefined;
  /** Ends the waiting between attempts. */
  readonly signal: AbortSignal;
}

// A broker takes about a megabyte for one partition in one request, and all of these may be for the same.
const recordsAtOnce = 2_000;
const bytesAtOnce = 900_000;
const bytesAround = 70;

/**
 * Appends the rows in order, a request at a time, and resolves when all are acknowledged. A request that fails is sent
 * again exactly as it was, for as long as `mayGoOn` does not throw.
 */
export async function appendRows(using: Appending, rows: readonly OutboxRow[], mayGoOn: () => void): Promise<void> {
  for (const records of requestsOf(rows, using.topicById)) {
    const span = using.tracing && spanOf(using.tracing, records);
    for (let failed = 0; ; failed += 1) {
      mayGoOn();
      try {
        await using.broker.append(records);
        break;
      } catch (error) {
        using.failures.inc();
        if (failed === 0) using.log.warn({ err: error }, 'the broker refuses events; they are kept and sent again');
        await using.timers.sleep(backOffMs(failed, using.randomness), using.signal);
      }
    }
    span?.end();
    using.published.inc(records.length);
  }
}

/** A request serves many traces, so it is on none of them and linked to all. */
const spanOf = (tracing: Tracing, records: readonly OutgoingRecord[]): Span =>
  tracing.start('publish', {
    kind: 'producer',
    links: records.map(traceparentIn),
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'send',
      'messaging.batch.message_count': records.length,
    },
  });

/** Whatever it is, it is to be published: what it belongs to may stay unknown. */
function traceparentIn({ topic, value }: OutgoingRecord): string | undefined {
  const message = messageByTopic.get(topic);
  try {
    return message && (decode(message, value) as { readonly meta: EventMeta }).meta.traceparent;
  } catch {
    return undefined;
  }
}

const messageByTopic = new Map([...topicById.values()].map(({ name, message }) => [name, message]));

/** Capped and jittered: 25–75 ms at first, 2.5–7.5 s at last. */
export const backOffMs = (failed: number, randomness: Randomness): number =>
  Math.min(5_000, 50 * 2 ** Math.min(failed, 10)) * (0.5 + randomness.next());

function* requestsOf(
  rows: readonly OutboxRow[],
  topicById: ReadonlyMap<number, RelayTopic>,
): Generator<readonly OutgoingRecord[]> {
  let records: OutgoingRecord[] = [];
  let bytes = 0;
  for (const { topic, part, key, body } of rows) {
    const size = key.length + body.length + bytesAround;
    if (records.length === recordsAtOnce || (records.length > 0 && bytes + size > bytesAtOnce)) {
      yield records;
      records = [];
      bytes = 0;
    }
    records.push({ topic: nameOf(topic, topicById), partition: part, key, value: body });
    bytes += size;
  }
  if (records.length > 0) yield records;
}

function nameOf(id: number, topicById: ReadonlyMap<number, RelayTopic>): string {
  const topic = topicById.get(id);
  if (topic === undefined)
    throw new Error(`the outbox holds an event for topic ${id}, which the catalogue does not know`);
  return topic.name;
}
