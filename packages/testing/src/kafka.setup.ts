import { startKafka, type KafkaCluster } from './kafka-server';
import startDatabase from './postgres.setup';

export const started: { kafka?: KafkaCluster } = {};

/** Suites that need a Kafka, and mostly a PostgreSQL too: TEST_KAFKA_BROKERS, else one node started for this run. */
export default async function setup(): Promise<void> {
  await startDatabase();
  if (process.env['TEST_KAFKA_BROKERS']) return;
  started.kafka = await startKafka();
  process.env['TEST_KAFKA_BROKERS'] = started.kafka.brokers.join(',');
}
