import { runMigrations } from '@g-store/service';
import { notificationsMigration } from './migrations/001-notifications.js';

runMigrations('notifications', [notificationsMigration]);
