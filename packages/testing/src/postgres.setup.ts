import { startPostgres, type PostgresServer } from './postgres-server';

/** Where Jest's setup leaves what its teardown stops: both run in the same process. */
export const started: { postgres?: PostgresServer } = {};

/** Suites that need a PostgreSQL: the one of TEST_DATABASE_URL (a superuser's), else one started for this run. */
export default async function setup(): Promise<void> {
  if (process.env['TEST_DATABASE_URL']) return;
  started.postgres = await startPostgres();
  process.env['TEST_DATABASE_URL'] = started.postgres.url;
}
