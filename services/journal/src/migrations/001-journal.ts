import type { Migration, UuidTable } from '@g-store/messaging';

const day = 86_400_000;

/** Kept for ever; an event id is a UUIDv7, so that a child is a month and most questions look at one or two. */
export const eventsTable: UuidTable = { name: 'events', periodMs: 30 * day, ahead: 3 };

/** Every event that was heard, once, and what they make of each order and account. */
export const journalMigration: Migration = {
  name: '001-journal',
  divided: [eventsTable],
  sql: `
CREATE TABLE events (
  event_id       uuid        NOT NULL,
  topic          text        NOT NULL,
  partition      integer     NOT NULL,
  "offset"       bigint      NOT NULL,
  key            text        NOT NULL,
  version        integer     NOT NULL,
  type           text        NOT NULL,
  owner          text        NOT NULL,
  order_id       uuid,
  account_id     text,
  occurred_at    timestamptz NOT NULL,
  heard_at       timestamptz NOT NULL,
  correlation_id text        NOT NULL,
  causation_id   text,
  traceparent    text,
  raw            bytea       NOT NULL,
  arrival        bigint      NOT NULL,
  PRIMARY KEY (event_id)
) PARTITION BY RANGE (event_id);
CREATE INDEX events_of_order ON events (order_id, event_id) WHERE order_id IS NOT NULL;
CREATE INDEX events_of_account ON events (account_id, event_id) WHERE account_id IS NOT NULL;
CREATE INDEX events_of_type ON events (type, event_id);
CREATE INDEX events_in_order_of_arrival ON events (arrival);

CREATE TABLE event_repeat (
  event_id uuid    PRIMARY KEY,
  times    integer NOT NULL
) WITH (fillfactor = 80);

-- Sums of what was heard of an order, in whatever order the topics came. Nothing is checked here: a journal has to be
-- able to keep what is wrong, or nobody would be told of it.
CREATE TABLE order_journey (
  order_id         uuid        PRIMARY KEY,
  owner            text        NOT NULL,
  status           text,
  version          integer     NOT NULL,
  amount           bigint,
  points_to_spend  bigint,
  charged          bigint      NOT NULL,
  refunded         bigint      NOT NULL,
  debited          bigint      NOT NULL,
  credited         bigint      NOT NULL,
  spent            bigint      NOT NULL,
  returned         bigint      NOT NULL,
  earned           bigint      NOT NULL,
  payment_answered boolean     NOT NULL,
  points_answered  boolean     NOT NULL,
  waits_for        text,
  waits_since      timestamptz,
  doubt            text,
  doubt_since      timestamptz,
  fault            text,
  first_event      uuid        NOT NULL,
  last_event       uuid        NOT NULL,
  started_at       timestamptz NOT NULL,
  last_at          timestamptz NOT NULL,
  heard_at         timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX order_journey_waiting ON order_journey (waits_since, order_id) WHERE waits_for IS NOT NULL;
CREATE INDEX order_journey_in_doubt ON order_journey (doubt_since) WHERE doubt IS NOT NULL;
CREATE INDEX order_journey_at_fault ON order_journey (order_id) WHERE fault IS NOT NULL;

-- The entries of an account, added up, beside the balance that its events tell.
CREATE TABLE account_fold (
  kind          text        NOT NULL,
  account_id    text        NOT NULL,
  entries       integer     NOT NULL,
  first_version integer     NOT NULL,
  last_version  integer     NOT NULL,
  opening       bigint      NOT NULL,
  sum           bigint      NOT NULL,
  balance       bigint      NOT NULL,
  doubt         text,
  doubt_since   timestamptz,
  PRIMARY KEY (kind, account_id)
) WITH (fillfactor = 70);
CREATE INDEX account_fold_in_doubt ON account_fold (doubt_since) WHERE doubt IS NOT NULL;

-- One row, which every batch locks first: so the numbers that it gives to events are in the order in which batches commit,
-- and whoever follows them misses nothing; and nobody counts a million rows to say that he has looked at them.
CREATE TABLE tally (
  id              smallint PRIMARY KEY CHECK (id = 1),
  events          bigint   NOT NULL,
  orders          bigint   NOT NULL,
  money_accounts  bigint   NOT NULL,
  points_accounts bigint   NOT NULL
) WITH (fillfactor = 10);
INSERT INTO tally VALUES (1, 0, 0, 0, 0);

GRANT SELECT, INSERT ON events TO :app;
GRANT SELECT, INSERT, UPDATE ON event_repeat, order_journey, account_fold TO :app;
GRANT SELECT, UPDATE ON tally TO :app;
`,
};
