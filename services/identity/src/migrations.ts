import type { Migration } from '@g-store/messaging';
import { identityMigration } from './migrations/001-identity.js';

/** In the order in which they are run. */
export const identityMigrations: readonly Migration[] = [identityMigration];
