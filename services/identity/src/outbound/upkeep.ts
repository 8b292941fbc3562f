import type { Client } from 'pg';
import { forgottenAfterMs } from '../domain/sign-in-attempts.js';

/**
 * Forgets what is of no more use: refresh tokens older than any session, those of the erased, and attempts that no longer
 * count. Tokens of a session that ended early stay until then, of no use to anybody.
 */
export const identityUpkeep = (sessionMs: number) => [
  {
    name: 'refresh tokens: those of sessions that are over',
    run: async (owner: Client): Promise<void> => {
      await owner.query("DELETE FROM refresh_token WHERE issued_at < now() - $1 * interval '1 ms'", [sessionMs]);
      await owner.query('DELETE FROM refresh_token t USING users u WHERE u.id = t.user_id AND u.login IS NULL');
    },
  },
  {
    name: 'sign-in attempts: those that are forgotten',
    run: async (owner: Client): Promise<void> => {
      await owner.query("DELETE FROM sign_in_attempts WHERE last_at < now() - $1 * interval '1 ms'", [
        forgottenAfterMs,
      ]);
    },
  },
];
