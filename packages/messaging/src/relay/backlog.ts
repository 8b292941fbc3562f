import type { Client } from 'pg';

export interface Backlog {
  readonly pending: number;
  readonly oldestSeconds: number;
}

/** Committed events not known to be published; counted up to a million. */
export async function backlogOf(side: Client): Promise<Backlog> {
  const { rows } = await side.query<{ pending: bigint; oldest: number }>({ name: 'outbox-backlog', text: backlogSql });
  const { pending = 0n, oldest = 0 } = rows[0] ?? {};
  return { pending: Number(pending), oldestSeconds: Math.max(0, oldest) };
}

const backlogSql = `
WITH published AS MATERIALIZED (SELECT p FROM outbox_tick ORDER BY id DESC LIMIT 1)
SELECT count(*) AS pending, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest
FROM (
  SELECT * FROM (
    SELECT seq, created_at FROM outbox WHERE xid >= pg_snapshot_xmax((SELECT p FROM published)) OFFSET 0) began_later
  UNION ALL
  SELECT * FROM (
    SELECT seq, created_at FROM outbox
    WHERE xid = ANY (ARRAY(SELECT x FROM pg_snapshot_xip((SELECT p FROM published)) x)) OFFSET 0) was_running
  LIMIT 1000000
) o WHERE seq > (SELECT seed_seq FROM outbox_origin)`;
