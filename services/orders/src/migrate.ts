import { runMigrations } from '@g-store/service';
import { ordersMigration } from './migrations/001-orders.js';
import { placedByStaffMigration } from './migrations/002-placed-by-staff.js';

runMigrations('orders', [ordersMigration, placedByStaffMigration]);
