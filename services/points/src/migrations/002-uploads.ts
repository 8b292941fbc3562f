import type { Migration } from '@g-store/messaging';

/** An upload reads PROCESSED with an accrual only together with the event that has put it on an account, and stays as it was decided. */
export const uploadsMigration: Migration = {
  name: '002-uploads',
  sql: `
CREATE TABLE upload (
  number text PRIMARY KEY COLLATE "C" CHECK (number ~ '^[0-9]{1,255}$'),
  owner text NOT NULL COLLATE "C",
  status text NOT NULL CHECK (status IN ('NEW', 'PROCESSING', 'INVALID', 'PROCESSED')),
  accrual bigint CHECK (accrual BETWEEN 1 AND 1000000000000),
  version integer NOT NULL CHECK (version >= 1),
  uploaded_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3),
  earned text GENERATED ALWAYS AS (CASE WHEN accrual IS NOT NULL THEN 'earned' END) STORED COLLATE "C",
  CHECK (accrual IS NULL OR status = 'PROCESSED'),
  CHECK ((status IN ('INVALID', 'PROCESSED')) = (decided_at IS NOT NULL)),
  CONSTRAINT accrual_is_on_an_account FOREIGN KEY (earned, number)
    REFERENCES points_events (kind, cause) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 80);
CREATE INDEX upload_of_owner ON upload (owner, uploaded_at DESC);

CREATE FUNCTION refuse_second_decision() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION 'upload % is decided', OLD.number USING ERRCODE = 'restrict_violation', CONSTRAINT = 'decided_once';
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE OR DELETE ON upload FOR EACH ROW
  WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION refuse_second_decision();

-- When each upload that is not final is to be asked about next; a claimed one falls due again by itself.
CREATE TABLE upload_schedule (
  number text PRIMARY KEY COLLATE "C" REFERENCES upload,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX upload_schedule_due ON upload_schedule (due_at);

-- Until when a system that was asked too often is asked nothing, by any process.
CREATE TABLE accrual_pause (
  system text PRIMARY KEY,
  until timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE (owner, status, accrual, version, decided_at) ON upload TO :app;
GRANT SELECT, INSERT, UPDATE (due_at, attempts), DELETE ON upload_schedule TO :app;
GRANT SELECT, INSERT, UPDATE (until) ON accrual_pause TO :app;
`,
};
