import type { Pool } from 'pg';
import type { Claim, Schedule } from '../application/schedule.js';
import type { UploadStatus } from '../domain/upload.js';

/** Each call is one short statement: no lock and no transaction outlives it. `system` is whom a pause is about. */
export const createUploadSchedule = (pool: Pick<Pool, 'query'>, system: string): Schedule => ({
  claim: async (now, limit, leaseUntil) => {
    const { rows } = await pool.query<ClaimRow>({
      name: 'claim',
      text: CLAIM,
      values: [now, limit, leaseUntil, system],
    });
    return rows.map(({ shopOwner, earned, ...claim }): Claim => ({
      ...claim,
      ...(shopOwner === null ? {} : { shopOwner }),
      ...(earned === null ? {} : { earned: BigInt(earned) }),
    }));
  },

  postpone: async (orders) => {
    await pool.query({
      name: 'postpone',
      text: `UPDATE upload_schedule s SET due_at = n.due_at, attempts = n.attempts
             FROM unnest($1::text[], $2::timestamptz[], $3::integer[]) AS n(number, due_at, attempts) WHERE s.number = n.number`,
      values: [
        orders.map(({ number }) => number),
        orders.map(({ dueAt }) => dueAt.toISOString()),
        orders.map(({ attempts }) => attempts),
      ],
    });
  },

  finish: async (numbers) => {
    await pool.query({
      name: 'finish',
      text: 'DELETE FROM upload_schedule WHERE number = ANY ($1::text[])',
      values: [numbers],
    });
  },

  pause: async (until) => {
    await pool.query({
      name: 'pause',
      text: `INSERT INTO accrual_pause AS p (system, until) VALUES ($1, $2)
             ON CONFLICT (system) DO UPDATE SET until = greatest(p.until, excluded.until)`,
      values: [system, until],
    });
  },

  pausedUntil: async () => {
    const { rows } = await pool.query<{ until: Date }>({
      name: 'paused-until',
      text: 'SELECT until FROM accrual_pause WHERE system = $1',
      values: [system],
    });
    return rows[0]?.until;
  },
});

/** Who is locked by another process's claim is skipped, not waited for. */
const CLAIM = `
WITH due AS (
  SELECT number FROM upload_schedule
  WHERE due_at <= $1 AND NOT EXISTS (SELECT FROM accrual_pause WHERE system = $4 AND until > $1)
  ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE upload_schedule s SET due_at = $3 FROM due WHERE s.number = due.number RETURNING s.number, s.attempts
)
SELECT c.number, c.attempts, u.owner, u.status, o.owner AS "shopOwner", e.change::text AS earned
FROM claimed c JOIN upload u USING (number) LEFT JOIN points_order o USING (number)
LEFT JOIN points_events e ON e.kind = 'earned' AND e.cause = c.number`;

interface ClaimRow {
  readonly number: string;
  readonly attempts: number;
  readonly owner: string;
  readonly status: UploadStatus;
  readonly shopOwner: string | null;
  readonly earned: string | null;
}
