import type { Migration } from '@g-store/messaging';
import { accrualMigration } from './migrations/001-accrual.js';
import { causeMigration } from './migrations/002-cause.js';

/** In the order in which they are run. */
export const accrualMigrations: readonly Migration[] = [accrualMigration, causeMigration];
