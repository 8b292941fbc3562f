import { runMigrations } from '@g-store/service';
import { pointsMigration } from './migrations/001-points.js';
import { uploadsMigration } from './migrations/002-uploads.js';

runMigrations('points', [pointsMigration, uploadsMigration]);
