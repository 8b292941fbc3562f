import { topics } from '@g-store/contracts';
import { createInProcessBroker, type Broker } from '@g-store/messaging';
import { createHealth, createLog, createMetrics, type Health, type Metrics, type ServiceLog } from '@g-store/runtime';

/** What the services of one process share in place of Kafka and of parts of their own. */
export interface Shared {
  readonly broker: Broker;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: ServiceLog;
}

export function createShared(name: string): Shared {
  const log = logOf(name);
  const partitions = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic.partitions]));
  const broker = createInProcessBroker({ partitions, log: log.module('broker') });
  return { broker, metrics: createMetrics({ service: name }), health: createHealth(), log };
}

const logOf = (service: string): ServiceLog => createLog({ service, levels: 'info' });

/** For one service of several: each logs and reports on its relay under its own name. */
export const sharedWith = (service: string, shared: Shared): Shared => ({
  ...shared,
  log: logOf(service),
  health: { ...shared.health, report: (part, state) => shared.health.report(`${service}: ${part}`, state) },
});

/** The settings that services have and editions do not: Kafka and the keys' address are there, but nobody asks them. */
export const settingsOf = (databaseUrl: string) => ({
  GSTORE_MODE: 'demo',
  PORT: '0',
  DATABASE_URL: databaseUrl,
  DATABASE_OWNER_URL: databaseUrl,
  KAFKA_BROKERS: 'in-this-process:1',
  JWKS_URL: 'http://in-this-process/',
});
