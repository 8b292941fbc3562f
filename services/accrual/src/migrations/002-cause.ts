import type { Migration } from '@g-store/messaging';

/** What an order was registered by: its reward is worked out later, and belongs to the same story. */
export const causeMigration: Migration = {
  name: '002-cause',
  sql: `
ALTER TABLE reward_order ADD COLUMN cause jsonb;
GRANT UPDATE (cause) ON reward_order TO :app;
`,
};
