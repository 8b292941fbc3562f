import { runMigrations } from '@g-store/service';
import { accrualMigration } from './migrations/001-accrual.js';

runMigrations('accrual', [accrualMigration]);
