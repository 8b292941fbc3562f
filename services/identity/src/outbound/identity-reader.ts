import type { Pool } from 'pg';
import type { PeopleQuery, Profile, Reader } from '../application/reader.js';
import { foldLogin } from '../domain/login.js';
import type { SigningKey } from '../domain/signing-keys.js';
import type { Role } from '../domain/user.js';
import { toSession } from './identity-work.js';
import type { StoredSession } from './tables.js';

interface ProfileRow {
  readonly id: string;
  readonly login: string | null;
  readonly name: string | null;
  readonly roles: readonly Role[];
  readonly blocked: boolean;
  readonly sessions: readonly StoredSession[];
  readonly created_at: Date;
}

const profileColumns = 'id, login, name, roles, blocked, sessions, created_at';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createIdentityReader(pool: Pool): Reader {
  const credentials = async (column: 'folded_login' | 'id', value: string) => {
    const { rows } = await pool.query<{ userId: string; passwordHash: string }>(
      `SELECT id AS "userId", password_hash AS "passwordHash" FROM users
       WHERE ${column} = $1 AND password_hash IS NOT NULL`,
      [value],
    );
    return rows[0];
  };
  return {
    credentials: (foldedLogin) => credentials('folded_login', foldedLogin),
    credentialsOf: (userId) => credentials('id', userId),
    holderOf: async (tokenHash) => {
      const { rows } = await pool.query<{ userId: string; sessionId: string }>(
        'SELECT user_id AS "userId", session_id AS "sessionId" FROM refresh_token WHERE hash = $1',
        [tokenHash],
      );
      return rows[0];
    },
    profile: async (userId) => {
      const { rows } = await pool.query<ProfileRow>(`SELECT ${profileColumns} FROM users WHERE id = $1`, [userId]);
      return rows[0] && toProfile(rows[0]);
    },
    people: (query) => people(pool, query),
    hasDemoPeople: async () => (await pool.query('SELECT FROM users WHERE demo LIMIT 1')).rowCount === 1,
    signingKeys: async () => {
      const { rows } = await pool.query<SigningKey>(
        `SELECT ordinal, kid, public_jwk AS "publicJwk", sealed_private AS "sealedPrivate", active_from AS "activeFrom"
         FROM signing_key ORDER BY ordinal DESC LIMIT 8`,
      );
      return rows;
    },
  };
}

async function people(pool: Pool, { q, after, limit }: PeopleQuery): Promise<readonly Profile[]> {
  const { rows } = await pool.query<ProfileRow>(
    `SELECT ${profileColumns} FROM users
     WHERE login IS NOT NULL
       AND ($1::uuid IS NULL OR id < $1)
       AND ($2::text IS NULL OR id = $3::uuid OR position($2 IN folded_login) > 0 OR position(lower($4) IN lower(name)) > 0)
     ORDER BY id DESC LIMIT $5`, // UUIDv7: newest first
    [
      after ?? null,
      q === undefined ? null : foldLogin(q),
      q !== undefined && uuid.test(q) ? q : null,
      q ?? null,
      limit + 1,
    ],
  );
  return rows.map(toProfile);
}

const toProfile = ({ id, login, name, roles, blocked, sessions, created_at }: ProfileRow): Profile => ({
  id,
  ...(login !== null && { login }),
  ...(name !== null && { name }),
  roles,
  blocked,
  sessions: sessions.map(toSession),
  createdAt: created_at,
});
