import { runMigrations } from '@g-store/service';
import { accrualMigrations } from './migrations.js';

runMigrations('accrual', accrualMigrations);
