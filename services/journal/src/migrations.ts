import type { Migration } from '@g-store/messaging';
import { journalMigration } from './migrations/001-journal.js';
import { leanEventsMigration } from './migrations/002-lean-events.js';

/** In the order in which they are run. */
export const journalMigrations: readonly Migration[] = [journalMigration, leanEventsMigration];
