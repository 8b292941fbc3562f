import type { Migration } from '@g-store/messaging';
import { pointsMigration } from './migrations/001-points.js';
import { uploadsMigration } from './migrations/002-uploads.js';
import { requestsOfAccountMigration } from './migrations/003-requests-of-account.js';

/** In the order in which they are run. */
export const pointsMigrations: readonly Migration[] = [pointsMigration, uploadsMigration, requestsOfAccountMigration];
