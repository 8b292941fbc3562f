import type { Client } from 'pg';
import { sqlState } from '../database.js';

/** Rows that one read brings at most. */
export const pageRows = 5_000;

/** The rows that `c` sees and `p` does not. A tick is published page by page, then the next one says that it is. */
export interface Tick {
  readonly id: bigint;
  readonly p: string;
  readonly c: string;
}

export interface OutboxRow {
  readonly seq: bigint;
  readonly topic: number;
  readonly part: number;
  readonly key: Buffer;
  readonly body: Buffer;
}

/** Somebody else holds the lease, or wrote the tick that was ours to write. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The newest tick; what it holds may or may not have been published. */
export async function newestTick(main: Client): Promise<Tick> {
  const { rows } = await main.query<Tick>('SELECT id, p::text, c::text FROM outbox_tick ORDER BY id DESC LIMIT 1');
  const [tick] = rows;
  if (tick === undefined) throw new Error('outbox_tick is empty: it holds at least the tick of the migration');
  return tick;
}

/** What has been committed since `p`, up to the snapshot of this very statement. Nothing new: no rows, and nothing to write. */
export async function readNew(
  main: Client,
  p: string,
  floor: bigint,
): Promise<{ c: string; rows: readonly OutboxRow[] }> {
  const rows = await readRows(main, { name: 'outbox-new', text: newSql, values: [p, floor, pageRows] });
  return { c: rows[0]?.[5] ?? p, rows: rows.map(toRow) };
}

/** The first page of a tick that has been written already. */
export const readFirst = async (main: Client, { p, c }: Tick, floor: bigint): Promise<readonly OutboxRow[]> =>
  (await readRows(main, { name: 'outbox-first', text: firstSql, values: [p, floor, pageRows, c] })).map(toRow);

/** A later page: of a backlog this long nearly every row belongs to the tick, so walking along `seq` wastes nothing. */
export const readAfter = async (main: Client, { p, c }: Tick, after: bigint): Promise<readonly OutboxRow[]> =>
  (await readRows(main, { name: 'outbox-after', text: afterSql, values: [p, after, pageRows, c] })).map(toRow);

/** Writes the tick that follows `last`. @throws LeaseLost when that is not ours to do any more */
export async function writeTick(main: Client, last: Tick, c: string, fence: bigint): Promise<Tick> {
  try {
    const { rows } = await main.query({ name: 'outbox-tick', text: tickSql, values: [last.id, c, fence] });
    if (rows.length === 0) throw new LeaseLost('the lease has changed hands');
  } catch (error) {
    if (sqlState(error) === '23505') throw new LeaseLost('somebody else wrote the next tick');
    throw error;
  }
  return { id: last.id + 1n, p: last.c, c };
}

// FOR SHARE: a take-over under way is waited for, then the fence is another one.
const tickSql = `
INSERT INTO outbox_tick (id, p, c, done, fence)
SELECT t.id + 1, t.c, $2::pg_snapshot, t.id, $3::bigint
FROM outbox_tick t, (SELECT FROM outbox_lease WHERE fence = $3::bigint FOR SHARE) l
WHERE t.id = $1 RETURNING id`;

// Transactions that p did not see are those that began after it and those that it saw running. Sorted by seq and never
// cut or sorted by xid: that is taken before a row's lock is won, and would turn two events of one key round.
// OFFSET 0 keeps the planner from walking the whole log along seq in search of a handful of rows.
const pageSql = (c: string): string => `
SELECT o.seq, o.topic, o.part, o.key, o.body FROM (
  SELECT * FROM (SELECT seq, xid, topic, part, key, body FROM outbox
    WHERE xid >= pg_snapshot_xmax($1::pg_snapshot) AND xid < pg_snapshot_xmax(${c}) OFFSET 0) began_later
  UNION ALL
  SELECT * FROM (SELECT seq, xid, topic, part, key, body FROM outbox
    WHERE xid = ANY (ARRAY(SELECT x FROM pg_snapshot_xip($1::pg_snapshot) x)) OFFSET 0) was_running
) o
WHERE pg_visible_in_snapshot(o.xid, ${c}) AND o.seq >= $2 ORDER BY o.seq LIMIT $3`;

// One snapshot for both: `c` is the one by which the rows are read.
const newSql = `
WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS c)
SELECT page.*, CASE row_number() OVER () WHEN 1 THEN (SELECT c FROM now)::text END
FROM (${pageSql('(SELECT c FROM now)')}) page`;

const firstSql = pageSql('$4::pg_snapshot');

const afterSql = `
SELECT seq, topic, part, key, body FROM outbox
WHERE seq > $2 AND pg_visible_in_snapshot(xid, $4::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
ORDER BY seq LIMIT $3`;

export type RawRow = [seq: bigint, topic: number, part: number, key: Buffer, body: Buffer, c?: string | null];

export async function readRows(
  client: Client,
  query: { readonly name: string; readonly text: string; readonly values: unknown[] },
): Promise<readonly RawRow[]> {
  return (await client.query<RawRow>({ ...query, rowMode: 'array' })).rows;
}

export const toRow = ([seq, topic, part, key, body]: RawRow): OutboxRow => ({ seq, topic, part, key, body });
