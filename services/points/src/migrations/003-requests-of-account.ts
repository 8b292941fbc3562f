import type { Migration } from '@g-store/messaging';

/** Ids of requests are UUIDv7: the newest first is one walk along the index. */
export const requestsOfAccountMigration: Migration = {
  name: '003-requests-of-account',
  sql: `CREATE INDEX points_request_of_account ON points_request (account_id, id DESC);`,
};
