import type { Client } from 'pg';
import { connect } from '../database.js';
import { LeaseLost, pageRows, readRows, toRow } from './ticks.js';
import type { OutboxRow, Tick } from './ticks.js';

export interface Origin {
  /** The transaction ids in the outbox are those of another server, or of a later time than now. */
  readonly restored: boolean;
  /** Rows up to here were written before a restore and are published. */
  readonly seedSeq: bigint;
}

/** Tells whether this database was restored from a dump since its newest tick. */
export async function originOf(main: Client): Promise<Origin> {
  const { rows } = await main.query<Origin>(originSql);
  const [origin] = rows;
  if (origin === undefined) throw new Error('outbox_origin is empty: it holds one row from the migration on');
  return origin;
}

const originSql = `
SELECT o.seed_seq AS "seedSeq",
  o.system_identifier <> s.system_identifier OR pg_snapshot_xmax(t.c) > pg_snapshot_xmax(pg_current_snapshot()) AS restored
FROM outbox_origin o, pg_control_system() s, (SELECT c FROM outbox_tick ORDER BY id DESC LIMIT 1) t`;

/** Remembers how far the sequence has come, so that after a restore new rows can be told from old ones. */
export async function rememberSeq(main: Client, seq: bigint): Promise<void> {
  await main.query('UPDATE outbox_origin SET seen_seq = $1 WHERE seen_seq < $1', [seq]);
}

export interface Restoring {
  readonly main: Client;
  readonly ownerUrl: string;
  readonly last: Tick;
  readonly fence: bigint;
  readonly publish: (rows: readonly OutboxRow[]) => Promise<void>;
}

/**
 * After a restore: publishes whatever is not known to be published, in the order of the log, and starts anew from a
 * snapshot of this server. Killed on the way it does the same again: repeats, and nothing lost.
 */
export async function startAnew({ main, ownerUrl, last, fence, publish }: Restoring): Promise<Tick & Origin> {
  const { c, seedSeq } = await stillMoment(ownerUrl);
  for (let after = 0n; ;) {
    const rows = (
      await readRows(main, { name: 'outbox-restored', text: restoredSql, values: [after, seedSeq, last.p, pageRows] })
    ).map(toRow);
    await publish(rows);
    if (rows.length < pageRows) break;
    after = rows.at(-1)?.seq ?? seedSeq;
  }
  const { rows } = await main.query<Tick>(anewSql, [last.id, c, fence, seedSeq]);
  const [tick] = rows;
  if (tick === undefined) throw new LeaseLost('the lease has changed hands');
  return { ...tick, restored: false, seedSeq };
}

// The old server's transactions that p did not see; and everything written since its last word about the sequence,
// because the ids of this server's transactions are low, and p seems to have seen them.
const restoredSql = `
SELECT seq, topic, part, key, body FROM outbox
WHERE seq > $1 AND seq <= $2
  AND (NOT pg_visible_in_snapshot(xid, $3::pg_snapshot) OR seq > (SELECT seen_seq FROM outbox_origin))
ORDER BY seq LIMIT $4`;

const anewSql = `
WITH mine AS (SELECT FROM outbox_lease WHERE fence = $3::bigint FOR SHARE),
  origin AS (
    UPDATE outbox_origin SET seed_seq = $4, seen_seq = $4, system_identifier = s.system_identifier
    FROM pg_control_system() s, mine RETURNING 1)
INSERT INTO outbox_tick (id, p, c, done, fence)
SELECT t.id + 1, $2::pg_snapshot, $2::pg_snapshot, t.id, $3::bigint FROM outbox_tick t, origin
WHERE t.id = $1 RETURNING id, p::text, c::text`;

/** A snapshot at a moment when nobody is writing to the outbox, and the newest row that it sees. */
async function stillMoment(ownerUrl: string): Promise<{ c: string; seedSeq: bigint }> {
  const owner = await connect(ownerUrl, { applicationName: 'relay-restore' });
  try {
    await owner.query(`BEGIN; SET LOCAL lock_timeout = '5s'; LOCK TABLE outbox IN SHARE MODE`);
    const { rows } = await owner.query<{ c: string; seedSeq: bigint }>(
      'SELECT pg_current_snapshot()::text AS c, coalesce(max(seq), 0) AS "seedSeq" FROM outbox',
    );
    await owner.query('COMMIT');
    const [moment] = rows;
    if (moment === undefined) throw new Error('an aggregate always gives a row');
    return moment;
  } finally {
    await owner.end();
  }
}
