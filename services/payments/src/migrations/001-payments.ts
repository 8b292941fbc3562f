import type { Migration } from '@g-store/messaging';

/**
 * The ledger keeps its own rules: whatever the code does, money is neither made nor lost, no wallet goes below 0, an
 * order is charged once and given back once at most, and nothing that happened is changed.
 */
export const paymentsMigration: Migration = {
  name: '001-payments',
  sql: `
CREATE TABLE wallet (
  account_id uuid PRIMARY KEY,
  user_id uuid NOT NULL UNIQUE,
  currency text NOT NULL,
  balance bigint NOT NULL,
  held bigint NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT never_below_0 CHECK (balance >= 0 AND held >= 0),
  CONSTRAINT room_for_refunds CHECK (balance + held <= 9007199254740991),
  CHECK (version > 0 OR (version = 0 AND balance = 0 AND held = 0))
) WITH (fillfactor = 80); -- a balance changes in place

CREATE TABLE payment (
  order_id uuid PRIMARY KEY,
  owner uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('charged', 'refused', 'cancelled', 'refunded', 'settled')),
  amount bigint NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000),
  reason text CHECK (reason IN ('NO_PAYMENT_ACCOUNT', 'INSUFFICIENT_FUNDS', 'PAYMENT_INTERNAL_ERROR')),
  version integer NOT NULL CHECK (version BETWEEN 0 AND 2),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((state = 'refused') = (reason IS NOT NULL)),
  CHECK (state <> 'cancelled' OR amount = 0)
) WITH (fillfactor = 80);

CREATE TABLE transfer (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('top_up', 'charge', 'settle', 'refund')),
  amount bigint NOT NULL CONSTRAINT one_amount CHECK (amount BETWEEN 1 AND 1000000000000),
  user_id uuid NOT NULL REFERENCES wallet (user_id),
  order_id uuid,
  wallet_version integer CHECK (wallet_version > 0),
  balance_after bigint CONSTRAINT balance_in_bounds CHECK (balance_after BETWEEN 0 AND 9007199254740991),
  at timestamptz NOT NULL,
  -- what a refund or a settlement answers to; the foreign key below makes it a charge of the same amount and wallet
  closes text GENERATED ALWAYS AS (CASE WHEN kind IN ('settle', 'refund') THEN 'charge' END) STORED,
  CHECK ((kind = 'top_up') = (order_id IS NULL)),
  CHECK ((kind = 'settle') = (wallet_version IS NULL)),
  CHECK ((kind = 'settle') = (balance_after IS NULL)),
  CONSTRAINT one_of_a_kind UNIQUE (order_id, kind),
  CONSTRAINT charge_as_made UNIQUE (order_id, kind, amount, user_id),
  CONSTRAINT closes_its_charge FOREIGN KEY (order_id, closes, amount, user_id)
    REFERENCES transfer (order_id, kind, amount, user_id),
  -- also the statement of a wallet, newest first
  CONSTRAINT one_after_the_other UNIQUE (user_id, wallet_version),
  CONSTRAINT balance_as_left UNIQUE (user_id, wallet_version, balance_after)
);
CREATE UNIQUE INDEX settled_or_refunded ON transfer (order_id) WHERE closes IS NOT NULL;

-- A balance is what the newest transfer left: at COMMIT no balance can have moved without one.
ALTER TABLE wallet
  ADD COLUMN last_transfer integer GENERATED ALWAYS AS (NULLIF(version, 0)) STORED,
  ADD CONSTRAINT balance_has_its_transfer FOREIGN KEY (user_id, last_transfer, balance)
    REFERENCES transfer (user_id, wallet_version, balance_after) DEFERRABLE INITIALLY DEFERRED;

-- The two sides of every transfer: derived, so that their sum cannot be anything but 0.
CREATE VIEW posting AS
SELECT t.id AS transfer_id, t.kind, t.order_id, side.account, side.amount, t.at
FROM transfer t CROSS JOIN LATERAL (VALUES
  (CASE t.kind WHEN 'top_up' THEN 'world' WHEN 'charge' THEN 'wallet:' || t.user_id ELSE 'clearing:' || t.order_id END, -t.amount),
  (CASE t.kind WHEN 'charge' THEN 'clearing:' || t.order_id WHEN 'settle' THEN 'revenue' ELSE 'wallet:' || t.user_id END, t.amount)
) AS side (account, amount);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON transfer TO :app;
GRANT SELECT ON posting TO :app;
GRANT SELECT, INSERT, UPDATE (balance, held, version, updated_at) ON wallet TO :app;
GRANT SELECT, INSERT, UPDATE (state, version, updated_at) ON payment TO :app;
`,
};
