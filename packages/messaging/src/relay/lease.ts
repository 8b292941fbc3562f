import type { Client } from 'pg';

/** How long the lease lives without being renewed, which is how long a take-over takes at most. */
export const leaseTermMs = 1_500;

export type LeaseAnswer =
  | { readonly won: true; readonly fence: bigint; readonly paused: boolean }
  | { readonly won: false; readonly freeInMs: number; readonly paused: boolean };

/** Takes the lease when it is free, renews it when it is ours; by the database's clock only. */
export async function takeLease(side: Client, holder: string): Promise<LeaseAnswer> {
  const { rows } = await side.query<{ fence: bigint | null; ms: number; paused: boolean }>({
    name: 'lease-take',
    text: takeSql,
    values: [holder, leaseTermMs],
  });
  const { fence = null, ms = 0, paused = false } = rows[0] ?? {};
  return fence === null ? { won: false, freeInMs: Math.max(0, ms), paused } : { won: true, fence, paused };
}

/** Gives the lease up, so that whoever comes next need not wait for its end. */
export async function leaveLease(side: Client, holder: string): Promise<void> {
  await side.query(`UPDATE outbox_lease SET until = '-infinity' WHERE holder = $1`, [holder]);
}

/** Nobody publishes while the lease is paused, whichever process asks. */
export async function setPaused(side: Client, paused: boolean): Promise<void> {
  await side.query('UPDATE outbox_lease SET paused = $1', [paused]);
}

// The fence rises with every change of hands, and when a holder comes back too late: it may have been replaced meanwhile.
const takeSql = `
WITH won AS (
  UPDATE outbox_lease SET
    holder = $1,
    fence = fence + (holder IS DISTINCT FROM $1 OR until < clock_timestamp())::int,
    until = clock_timestamp() + $2 * interval '1 ms'
  WHERE (holder = $1 OR until < clock_timestamp()) AND NOT paused
  RETURNING fence
)
SELECT (SELECT fence FROM won) AS fence, paused,
  (extract(epoch FROM greatest(until, '2000-01-01'::timestamptz) - clock_timestamp()) * 1000)::float8 AS ms
FROM outbox_lease`;
