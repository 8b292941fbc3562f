import type { Log, Timers } from '@g-store/runtime';
import type { Pool } from 'pg';
import { forgottenAfterMs } from '../domain/sign-in-attempts.js';
import { repeat } from './repeat.js';

/** Hourly: refresh tokens whose session is over go, and attempts that no longer count. */
export const startUpkeep = (pool: Pool, { timers, log }: { timers: Timers; log: Log }): AsyncDisposable =>
  repeat({ everyMs: 3_600_000, timers, log, what: 'old tokens and attempts' }, () => sweep(pool));

export async function sweep(pool: Pool): Promise<void> {
  await pool.query(
    `DELETE FROM refresh_token t WHERE NOT EXISTS (
       SELECT FROM users u, jsonb_array_elements(u.sessions) s
       WHERE u.id = t.user_id AND s ->> 'id' = t.session_id::text AND (s ->> 'expiresAt')::timestamptz > now())`,
  );
  await pool.query("DELETE FROM sign_in_attempts WHERE last_at < now() - $1 * interval '1 ms'", [forgottenAfterMs]);
}
