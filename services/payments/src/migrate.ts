import { runMigrations } from '@g-store/service';
import { paymentsMigration } from './migrations/001-payments.js';
import { namesMigration } from './migrations/002-names.js';

runMigrations('payments', [paymentsMigration, namesMigration]);
