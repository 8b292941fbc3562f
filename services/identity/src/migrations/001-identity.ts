import type { Migration } from '@g-store/messaging';

/** Who there is, and what lets them in. Nothing here can be turned back into a password, a refresh token or a signing key. */
export const identityMigration: Migration = {
  name: '001-identity',
  sql: `
CREATE TABLE users (
  id            uuid        PRIMARY KEY,
  login         text        CHECK (char_length(login) BETWEEN 1 AND 64),
  folded_login  text        COLLATE "C" UNIQUE,
  name          text        CHECK (char_length(name) BETWEEN 1 AND 100),
  password_hash text        CHECK (password_hash LIKE '$argon2id$%'),
  roles         jsonb       NOT NULL CHECK (jsonb_typeof(roles) = 'array' AND roles <@ '["customer", "staff", "operator"]'),
  blocked       boolean     NOT NULL,
  sessions      jsonb       NOT NULL CHECK (jsonb_typeof(sessions) = 'array' AND jsonb_array_length(sessions) <= 100),
  demo          boolean     NOT NULL,
  version       integer     NOT NULL CHECK (version >= 0),   -- of the last event told; the row also changes without one
  created_at    timestamptz NOT NULL,
  CONSTRAINT erased_as_a_whole CHECK (
    CASE WHEN login IS NULL
      THEN folded_login IS NULL AND name IS NULL AND password_hash IS NULL AND roles = '[]' AND sessions = '[]'
      ELSE folded_login IS NOT NULL AND password_hash IS NOT NULL
    END),
  CONSTRAINT blocked_without_sessions CHECK (NOT blocked OR sessions = '[]')
) WITH (fillfactor = 80);
CREATE INDEX users_demo ON users (id) WHERE demo;

CREATE INDEX users_erased ON users (id) WHERE login IS NULL;

-- Every token stays as long as its session may: a used one that comes back betrays a theft.
CREATE TABLE refresh_token (
  hash       text        COLLATE "C" PRIMARY KEY,
  user_id    uuid        NOT NULL REFERENCES users,
  session_id uuid        NOT NULL,
  issued_at  timestamptz NOT NULL,
  rotated_at timestamptz CHECK (rotated_at >= issued_at)
) WITH (fillfactor = 80);
CREATE INDEX refresh_token_user ON refresh_token (user_id);
CREATE INDEX refresh_token_issued_at ON refresh_token (issued_at);

-- Keyed by digests: neither what was typed as a login nor an address is kept.
CREATE TABLE sign_in_attempts (
  key     text        COLLATE "C" PRIMARY KEY,
  count   integer     NOT NULL CHECK (count >= 0),
  last_at timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX sign_in_attempts_last_at ON sign_in_attempts (last_at);

CREATE TABLE signing_key (
  ordinal        integer     PRIMARY KEY CHECK (ordinal > 0),
  kid            text        NOT NULL UNIQUE,
  public_jwk     jsonb       NOT NULL CHECK (NOT public_jwk ? 'd'),
  sealed_private text        NOT NULL,
  active_from    timestamptz NOT NULL
);

-- What operators did to users. Append only.
CREATE TABLE user_act (
  id      uuid        PRIMARY KEY,
  at      timestamptz NOT NULL,
  actor   uuid        NOT NULL,
  action  text        NOT NULL CHECK (action IN ('grant_role', 'take_role', 'block', 'unblock')),
  user_id uuid        NOT NULL REFERENCES users,
  detail  text
);
CREATE INDEX user_act_user ON user_act (user_id, at);

GRANT SELECT, INSERT, UPDATE ON users TO :app;
GRANT SELECT, INSERT, UPDATE (rotated_at) ON refresh_token TO :app;
GRANT SELECT, INSERT, UPDATE ON sign_in_attempts TO :app;
GRANT SELECT, INSERT ON signing_key, user_act TO :app;
`,
};
