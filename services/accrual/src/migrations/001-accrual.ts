import type { Migration } from '@g-store/messaging';

/** What is decided stays decided: no order leaves a final status, and no rule changes. */
export const accrualMigration: Migration = {
  name: '001-accrual',
  sql: `
CREATE TABLE reward_rule (
  match text PRIMARY KEY COLLATE "C" CHECK (match <> ''),
  reward bigint NOT NULL CHECK (reward BETWEEN 1 AND 1000000000000),
  reward_type text NOT NULL CHECK (reward_type IN ('%', 'pt')),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE reward_order (
  number text PRIMARY KEY COLLATE "C" CHECK (number ~ '^[0-9]{1,255}$'),
  goods jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('AWAITING', 'REGISTERED', 'PROCESSING', 'INVALID', 'PROCESSED')),
  reward bigint CHECK (reward BETWEEN 0 AND 1000000000000),
  order_id uuid UNIQUE,
  owner text,
  issued boolean NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  registered_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3),
  CHECK ((status = 'PROCESSED') = (reward IS NOT NULL)),
  CHECK ((status IN ('INVALID', 'PROCESSED')) = (decided_at IS NOT NULL)),
  CHECK ((order_id IS NULL) = (owner IS NULL)),
  CHECK (order_id IS NOT NULL OR NOT issued),
  CHECK (status <> 'AWAITING' OR (order_id IS NOT NULL AND NOT issued))
) WITH (fillfactor = 80);
CREATE INDEX reward_order_undecided ON reward_order (registered_at) WHERE status IN ('REGISTERED', 'PROCESSING');

CREATE FUNCTION refuse_second_decision() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION 'order % is decided', OLD.number USING ERRCODE = 'restrict_violation', CONSTRAINT = 'decided_once';
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON reward_order FOR EACH ROW
  WHEN (OLD.decided_at IS NOT NULL AND (NEW.status, NEW.reward) IS DISTINCT FROM (OLD.status, OLD.reward))
  EXECUTE FUNCTION refuse_second_decision();

GRANT SELECT, INSERT ON reward_rule TO :app;
GRANT SELECT, INSERT, UPDATE (status, reward, order_id, owner, issued, version, decided_at) ON reward_order TO :app;
`,
};
