import { runMigrations } from '@g-store/service';
import { identityMigrations } from './migrations.js';

runMigrations('identity', identityMigrations);
