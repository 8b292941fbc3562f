/** Rows in one child of the outbox, unless a setting says otherwise. */
export const outboxChildRows = 1_000_000n;

const child = (from: bigint): string =>
  `CREATE TABLE outbox_${from} PARTITION OF outbox FOR VALUES FROM (${from}) TO (${from + outboxChildRows});`;

/**
 * The outbox is an append-only log. What has been published is told by ticks, pairs of snapshots: a row belongs to the
 * tick whose `c` sees its transaction and whose `p` does not. No row is ever updated.
 *
 * The order of a key holds because a row is inserted after its aggregate's row was locked: `seq` then rises with the
 * aggregate's version. The transaction id does not; it is taken before the lock is won.
 */
export const outboxSql = `
CREATE TABLE outbox (
  seq        bigint GENERATED ALWAYS AS IDENTITY,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  topic      smallint NOT NULL,
  part       smallint NOT NULL,
  key        bytea NOT NULL,
  body       bytea NOT NULL,
  event_id   uuid NOT NULL,
  created_at timestamptz NOT NULL
) PARTITION BY RANGE (seq); -- never a DEFAULT child: it would forbid DETACH CONCURRENTLY
CREATE INDEX outbox_by_xid ON outbox (xid, seq);
CREATE INDEX outbox_by_seq ON outbox (seq);
${[0n, 1n, 2n].map((n) => child(n * outboxChildRows)).join('\n')}

CREATE TABLE outbox_tick (
  id    bigint PRIMARY KEY,
  p     pg_snapshot NOT NULL, -- everything before this tick
  c     pg_snapshot NOT NULL, -- this tick and everything before it
  done  bigint NOT NULL,      -- the newest tick known to be published when this one was written
  fence bigint NOT NULL,
  at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Sees nothing, so that what was written before the first relay ever is published too.
INSERT INTO outbox_tick (id, p, c, done, fence) VALUES (0, '3:3:', '3:3:', -1, 0);

CREATE TABLE outbox_lease (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  holder text,
  fence  bigint NOT NULL,
  until  timestamptz NOT NULL,
  paused boolean NOT NULL DEFAULT false -- an operator's word; nobody publishes
);
INSERT INTO outbox_lease (holder, fence, until) VALUES (NULL, 0, '-infinity');

-- Which server the transaction ids belong to. A restored dump finds itself on another one, where they start low.
CREATE TABLE outbox_origin (
  one               boolean PRIMARY KEY DEFAULT true CHECK (one),
  system_identifier bigint NOT NULL,
  seed_seq          bigint NOT NULL, -- rows up to here were written on an earlier server, and are published
  seen_seq          bigint NOT NULL  -- a row that a restored server writes lies above this
);
INSERT INTO outbox_origin (system_identifier, seed_seq, seen_seq) SELECT system_identifier, 0, 0 FROM pg_control_system();

GRANT SELECT, INSERT ON outbox TO :app;
GRANT SELECT, INSERT ON outbox_tick TO :app;
GRANT SELECT, UPDATE ON outbox_lease, outbox_origin TO :app;
`;
