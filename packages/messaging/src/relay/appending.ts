import type { Topic } from '@g-store/contracts';
import type { Counter, Log, Randomness, Timers } from '@g-store/runtime';
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
    using.published.inc(records.length);
  }
}

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
