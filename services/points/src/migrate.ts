import { runMigrations } from '@g-store/service';
import { pointsMigrations } from './migrations.js';

runMigrations('points', pointsMigrations);
