import type { Migration } from '@g-store/messaging';

/** What the projection group writes. Owners are text: whatever identity calls its users. */
export const notificationsMigration: Migration = {
  name: '001-notifications',
  sql: `
CREATE TABLE order_state (
  order_id uuid        PRIMARY KEY,
  owner    text        NOT NULL,
  status   text        NOT NULL CHECK (status IN
    ('PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED', 'CANCELLED')),
  reason   text,
  version  integer     NOT NULL CHECK (version >= 1),
  at       timestamptz NOT NULL,
  CONSTRAINT order_state_reason_of_cancelled CHECK ((status = 'CANCELLED') = (reason IS NOT NULL))
) WITH (fillfactor = 80);

-- The id is the event's, so one event makes one line; ids are UUIDv7, so their order is the order of time.
CREATE TABLE notification (
  id         uuid        PRIMARY KEY,
  owner      text        NOT NULL,
  kind       text        NOT NULL CHECK (kind IN
    ('order.placed', 'order.status.changed', 'order.cancelled', 'payment.refunded', 'balance.changed')),
  order_id   uuid,
  account_id text,
  data       jsonb       NOT NULL CHECK (jsonb_typeof(data) = 'object'),
  created_at timestamptz NOT NULL,
  read_at    timestamptz
) WITH (fillfactor = 90);
CREATE INDEX notification_of_owner ON notification (owner, id DESC);
CREATE INDEX notification_unread ON notification (owner) WHERE read_at IS NULL;

GRANT SELECT, INSERT, UPDATE (status, reason, version, at) ON order_state TO :app;
GRANT SELECT, INSERT, UPDATE (read_at) ON notification TO :app;
`,
};
