export { startFoundation, type Adapters, type Foundation, type FoundationOptions } from './foundation.js';
export { runMigrations } from './run-migrations.js';
export { serve, VERSION, type Composed, type Served, type ServeOptions } from './serve.js';
export { checkFoundation, foundationSettings, type FoundationSettings } from './settings.js';
