import { runMigrations } from '@g-store/service';
import { notificationsMigration } from './migrations/001-notifications.js';
import { pointsMigration } from './migrations/002-points.js';

runMigrations('notifications', [notificationsMigration, pointsMigration]);
