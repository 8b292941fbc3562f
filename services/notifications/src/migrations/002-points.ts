import type { Migration } from '@g-store/messaging';

/** Points have come to the shop. */
export const pointsMigration: Migration = {
  name: '002-points',
  sql: `
ALTER TABLE notification DROP CONSTRAINT notification_kind_check;
ALTER TABLE notification ADD CONSTRAINT notification_kind_check CHECK (kind IN
  ('order.placed', 'order.status.changed', 'order.cancelled', 'payment.refunded', 'balance.changed', 'points.changed')) NOT VALID;
`,
};
