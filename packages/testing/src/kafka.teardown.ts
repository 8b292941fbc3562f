import { started } from './kafka.setup';
import stopDatabase from './postgres.teardown';

export default async function teardown(): Promise<void> {
  await stopDatabase();
  if (started.kafka === undefined) return;
  await started.kafka[Symbol.asyncDispose]();
  delete started.kafka;
  delete process.env['TEST_KAFKA_BROKERS'];
}
