import type { Migration } from '@g-store/messaging';

/** Nobody searches by these, and `raw` says them: an event is written once for each that is told, beside the load. */
export const leanEventsMigration: Migration = {
  name: '002-lean-events',
  sql: `
ALTER TABLE events DROP COLUMN key, DROP COLUMN version, DROP COLUMN owner, DROP COLUMN traceparent;
`,
};
