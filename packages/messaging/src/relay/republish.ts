import type { Client } from 'pg';
import type { Randomness, Timers } from '@g-store/runtime';
import { silentLog } from '@g-store/runtime';
import type { Log } from '@g-store/runtime';
import type { Broker } from '../broker.js';
import { connect } from '../database.js';
import { appendRows } from './appending.js';
import type { RelayTopic } from './appending.js';
import { pageRows, readRows, toRow } from './ticks.js';
import type { OutboxRow } from './ticks.js';

export interface RepublishOptions {
  readonly databaseUrl: string;
  readonly broker: Broker;
  /** Every topic that the service tells. */
  readonly topics: readonly RelayTopic[];
  readonly timers: Timers;
  readonly randomness: Randomness;
  /** Events made at or after this time. */
  readonly since: Date;
  /** Only these topics, by name. */
  readonly only?: readonly string[];
  /** Counts, and sends nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (events: number) => void;
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

/**
 * Sends kept events again, in the order of the log, and answers how many: for when the broker lost what it had
 * acknowledged. Only what the relay has published is sent, so that every event is a repeat, which inboxes drop.
 */
export async function republish(options: RepublishOptions): Promise<number> {
  const { broker, topics, timers, randomness, only, dryRun = false, onProgress, log = silentLog } = options;
  const signal = options.signal ?? new AbortController().signal;
  const topicById = new Map(topics.map((topic) => [topic.id, topic]));
  const ids = topics.filter(({ name }) => only?.includes(name) ?? true).map(({ id }) => id);
  const count = { inc: () => undefined };
  const main = await connect(options.databaseUrl, { applicationName: 'republish', statementTimeoutMs: 0, log });
  let sent = 0;
  try {
    for await (const rows of pagesSince(main, options.since, ids)) {
      signal.throwIfAborted();
      const using = { broker, topicById, timers, randomness, log, published: count, failures: count, signal };
      if (!dryRun) await appendRows(using, rows, () => signal.throwIfAborted());
      sent += rows.length;
      onProgress?.(sent);
    }
    return sent;
  } finally {
    await main.end();
  }
}

async function* pagesSince(main: Client, since: Date, topics: readonly number[]): AsyncGenerator<readonly OutboxRow[]> {
  for (let after = 0n; ;) {
    const rows = await readRows(main, { name: 'outbox-kept', text: keptSql, values: [after, since, topics, pageRows] });
    if (rows.length > 0) yield rows.map(toRow);
    if (rows.length < pageRows) return;
    after = rows.at(-1)?.[0] ?? after;
  }
}

// What is newer than the last tick known to be done is the relay's to send first.
const keptSql = `
SELECT seq, topic, part, key, body FROM outbox, outbox_origin origin
WHERE seq > $1 AND created_at >= $2 AND topic = ANY ($3::smallint[])
  AND (seq <= origin.seed_seq
    OR pg_visible_in_snapshot(xid, (SELECT p FROM outbox_tick ORDER BY id DESC LIMIT 1)))
ORDER BY seq LIMIT $4`;
