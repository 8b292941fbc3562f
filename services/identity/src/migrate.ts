import { runMigrations } from '@g-store/service';
import { identityMigration } from './migrations/001-identity.js';

runMigrations('identity', [identityMigration]);
