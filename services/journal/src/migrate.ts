import { runMigrations } from '@g-store/service';
import { journalMigration } from './migrations/001-journal.js';

runMigrations('journal', [journalMigration]);
