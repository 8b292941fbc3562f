import { runMigrations } from '@g-store/service';
import { paymentsMigration } from './migrations/001-payments.js';

runMigrations('payments', [paymentsMigration]);
