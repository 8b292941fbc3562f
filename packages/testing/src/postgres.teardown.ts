import { started } from './postgres.setup';

export default async function teardown(): Promise<void> {
  if (started.postgres === undefined) return;
  await started.postgres[Symbol.asyncDispose]();
  delete started.postgres;
  delete process.env['TEST_DATABASE_URL'];
}
