import { runMigrations } from '@g-store/service';
import { journalMigrations } from './migrations.js';

runMigrations('journal', journalMigrations);
