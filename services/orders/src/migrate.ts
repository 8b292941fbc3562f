import { runMigrations } from '@g-store/service';
import { ordersMigration } from './migrations/001-orders.js';

runMigrations('orders', [ordersMigration]);
