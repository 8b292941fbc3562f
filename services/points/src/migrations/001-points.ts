import type { Migration } from '@g-store/messaging';

/**
 * The events keep their own rules: whatever the code does, a balance is the sum of an account's events, is never below 0
 * and never moves without one; nothing that happened is changed; and one cause has one effect.
 */
export const pointsMigration: Migration = {
  name: '001-points',
  sql: `
CREATE TABLE points_events (
  account_id text NOT NULL COLLATE "C" CHECK (account_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  version integer NOT NULL CHECK (version >= 1),
  kind text NOT NULL COLLATE "C" CHECK (kind IN ('earned', 'spent', 'returned', 'adjusted', 'withdrawn')),
  change bigint NOT NULL CONSTRAINT one_amount CHECK (change <> 0 AND abs(change) <= 1000000000000),
  balance_after bigint NOT NULL CONSTRAINT balance_in_bounds CHECK (balance_after BETWEEN 0 AND 9007199254740991),
  -- earned: order number · spent, returned: order id · adjusted: request id or one of its own · withdrawn: one of its own
  cause text NOT NULL COLLATE "C",
  order_number text COLLATE "C",
  reason text,
  actor text,
  at timestamptz(3) NOT NULL,
  -- what the event before it must have left
  previous integer GENERATED ALWAYS AS (NULLIF(version - 1, 0)) STORED,
  balance_before bigint GENERATED ALWAYS AS (balance_after - change) STORED,
  CONSTRAINT one_after_the_other PRIMARY KEY (account_id, version),
  CONSTRAINT one_effect_of_a_cause UNIQUE (kind, cause),
  CONSTRAINT balance_as_left UNIQUE (account_id, version, balance_after),
  CONSTRAINT follows_from_the_one_before FOREIGN KEY (account_id, previous, balance_before)
    REFERENCES points_events (account_id, version, balance_after),
  CONSTRAINT starts_at_0 CHECK (version > 1 OR balance_after = change),
  CONSTRAINT sign_of_its_kind CHECK (kind = 'adjusted' OR (change > 0) = (kind IN ('earned', 'returned'))),
  CHECK ((kind = 'withdrawn') = (order_number IS NOT NULL)),
  CHECK ((kind = 'adjusted') = (reason IS NOT NULL)),
  CHECK ((kind = 'adjusted') = (actor IS NOT NULL))
);
CREATE INDEX points_events_in_time ON points_events (account_id, at, version);
CREATE INDEX points_withdrawals ON points_events (account_id, version) WHERE kind = 'withdrawn';

-- The snapshot: what the events of an account add up to. Rebuilt from nothing it is the same.
CREATE TABLE points_account (
  account_id text PRIMARY KEY COLLATE "C",
  balance bigint NOT NULL,
  spent bigint NOT NULL,
  withdrawn bigint NOT NULL,
  version integer NOT NULL,
  told integer NOT NULL CHECK (told BETWEEN 0 AND version),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT never_below_0 CHECK (balance >= 0 AND spent >= 0 AND withdrawn >= 0),
  CONSTRAINT room_for_returns CHECK (balance + spent <= 9007199254740991),
  -- at COMMIT a balance is what the account's event of that version left, so that none can have moved without one
  CONSTRAINT balance_has_its_event FOREIGN KEY (account_id, version, balance)
    REFERENCES points_events (account_id, version, balance_after) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 80); -- a balance changes in place

-- What became of an order's points, and whose its number is.
CREATE TABLE points_order (
  order_id uuid PRIMARY KEY,
  owner text NOT NULL COLLATE "C",
  number text UNIQUE COLLATE "C",
  state text NOT NULL CHECK (state IN ('none', 'spent', 'refused', 'returned', 'cancelled')),
  points bigint NOT NULL CHECK (points BETWEEN 0 AND 1000000000000),
  version integer NOT NULL CHECK (version BETWEEN 0 AND 2),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CHECK ((points = 0) = (state IN ('none', 'cancelled'))),
  CHECK (version = CASE state WHEN 'returned' THEN 2 WHEN 'spent' THEN 1 WHEN 'refused' THEN 1 ELSE 0 END)
) WITH (fillfactor = 80);

-- What machines asked for, and its fate.
CREATE TABLE points_request (
  id uuid PRIMARY KEY,
  account_id text NOT NULL COLLATE "C",
  kind text NOT NULL CHECK (kind IN ('add', 'deduct')),
  points bigint NOT NULL CHECK (points BETWEEN 1 AND 1000000000000),
  actor text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'APPLIED', 'REJECTED')),
  reason text,
  total bigint CHECK (total BETWEEN 0 AND 9007199254740991),
  accepted_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3),
  CHECK ((status = 'REJECTED') = (reason IS NOT NULL)),
  CHECK ((status = 'PENDING') = (decided_at IS NULL)),
  CHECK ((status = 'PENDING') = (total IS NULL))
) WITH (fillfactor = 80);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON points_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- After the statement, for an order may be paid and cancelled in one batch. Its spending cannot change any more.
CREATE FUNCTION require_spending() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NOT EXISTS (SELECT FROM points_events s WHERE s.kind = 'spent' AND s.cause = NEW.cause
                 AND s.account_id = NEW.account_id AND s.change = -NEW.change) THEN
    RAISE EXCEPTION 'order % did not spend what is returned', NEW.cause
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'returns_what_was_spent';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER returns_what_was_spent AFTER INSERT ON points_events
  FOR EACH ROW WHEN (NEW.kind = 'returned') EXECUTE FUNCTION require_spending();

-- The same in the shape that the older system kept it in, in points.
CREATE VIEW user_point AS
SELECT account_id AS user_id, balance / 100 AS point, created_at, updated_at FROM points_account;
CREATE VIEW log AS
SELECT account_id AS user_id, version AS number, CASE WHEN change > 0 THEN 'add' ELSE 'subtract' END AS action,
       (abs(change) / 100.0)::numeric(15, 2) AS amount, (balance_after / 100.0)::numeric(18, 2) AS point_after, kind, at AS created_at
FROM points_events;

GRANT SELECT, INSERT ON points_events TO :app;
GRANT SELECT ON user_point, log TO :app;
GRANT SELECT, INSERT, UPDATE (balance, spent, withdrawn, version, told, updated_at) ON points_account TO :app;
GRANT SELECT, INSERT, UPDATE (state, version, updated_at) ON points_order TO :app;
GRANT SELECT, INSERT, UPDATE (status, reason, total, decided_at) ON points_request TO :app;
`,
};
