/**
 * The tables that every unit of work and every consumer needs, beside the outbox. Applied by the owner role; `:app` is the
 * role that the service runs as.
 *
 * `attempt` and `inbox` are partitioned by UUIDv7, hence by time, so that old rows go by dropping a child; the children
 * are made by outbox/uuid-partitions.ts.
 */
export const tablesSql = `
-- One row per committed attempt of a batch: after a COMMIT whose answer was lost, inserting the same id again tells its fate.
CREATE TABLE attempt (id uuid PRIMARY KEY) PARTITION BY RANGE (id);

CREATE TABLE idempotency (
  principal   text        NOT NULL,
  route       text        NOT NULL,
  key         text        NOT NULL,
  fingerprint bytea       NOT NULL,
  reply       text        NOT NULL,   -- JSON as text, so that a replay gives the same bytes
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (key, principal, route) -- the key first: it alone nearly names the row, so reads go by it
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

-- An event's row commits with its effect, which is what makes the effect happen once.
CREATE TABLE inbox (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (event_id, consumer)
) PARTITION BY RANGE (event_id);

CREATE TABLE progress (
  consumer    text    NOT NULL,
  topic       text    NOT NULL,
  partition   integer NOT NULL,
  cluster     text    NOT NULL,       -- offsets of another cluster mean nothing
  next_offset bigint  NOT NULL,
  PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 50);

-- The last version applied of each key. Rows stay: without them a late repeat would look like a gap.
CREATE TABLE stream (
  consumer text    NOT NULL,
  topic    text    NOT NULL,
  key      text    NOT NULL COLLATE "C",
  version  integer NOT NULL CHECK (version >= 0),
  hold     text    CHECK (hold IN ('gap', 'failed')),   -- later messages of this key wait
  final    boolean NOT NULL DEFAULT false,              -- every further version counts as a repeat
  PRIMARY KEY (consumer, topic, key)
) WITH (fillfactor = 80);

CREATE TABLE parked (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer   text        NOT NULL,
  topic      text        NOT NULL,
  partition  integer     NOT NULL,
  "offset"   bigint      NOT NULL,
  key        text        NOT NULL COLLATE "C",
  event_id   uuid,                                      -- NULL: the bytes could not be decoded
  version    integer,
  raw        bytea       NOT NULL,
  reason     text        NOT NULL CHECK (reason IN ('failed', 'follows', 'gap', 'fork', 'undecodable')),
  error      text        NOT NULL,
  attempts   integer     NOT NULL,
  state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'superseded', 'released', 'dropped')),
  parked_at  timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by text,
  note       text
);
CREATE UNIQUE INDEX parked_event ON parked (consumer, event_id) WHERE event_id IS NOT NULL;
CREATE UNIQUE INDEX parked_offset ON parked (consumer, topic, partition, "offset") WHERE event_id IS NULL;
CREATE INDEX parked_waiting ON parked (consumer, topic, key, id) WHERE state = 'waiting';

-- What operators did here. Append only.
CREATE TABLE operations_audit (
  id         uuid        PRIMARY KEY,
  at         timestamptz NOT NULL,
  actor      text        NOT NULL,
  action     text        NOT NULL,
  subject    text        NOT NULL,
  detail     text        NOT NULL
);

GRANT SELECT, INSERT ON attempt, inbox, operations_audit TO :app;
GRANT SELECT, INSERT, DELETE ON idempotency TO :app;
GRANT SELECT, INSERT, UPDATE ON progress, stream, parked TO :app;
`;

/** What came of an operator's act; those of before had all been done. The headers that a parked message came with. Who is held back. */
export const operationsSql = `
ALTER TABLE parked ADD COLUMN headers jsonb;
ALTER TABLE operations_audit ADD COLUMN outcome text NOT NULL DEFAULT 'done'
  CHECK (outcome IN ('done', 'stopped', 'refused', 'failed'));

-- A row while an operator holds the consumers back, in every process.
CREATE TABLE consumer_hold (
  consumer text        PRIMARY KEY,
  since    timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON consumer_hold TO :app;
`;
