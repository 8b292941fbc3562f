import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { controllerPort, kafkaElsewhere, kafkaPort, prepareKafka } from './kafka.mts';
import { builtPage, gatewayAnswers, gatewayPorts, legacyPorts, prepareNginx } from './nginx.mts';
import type { Port } from './ports.mts';
import { allDatabasesElsewhere, postgresAnswers, postgresPort, preparePostgres } from './postgres.mts';
import type { Launch } from './processes.mts';
import { environmentOf } from './service-environment.mts';
import { entry, instancesOf, services, type Instance } from './services.mts';
import type { Stack } from './settings.mts';
import { kafkaAnswers } from './topics.mts';

/** One process of the stack. */
export interface Part {
  /** Names its pid file and its log. */
  readonly name: string;
  readonly kind: 'postgres' | 'kafka' | 'service' | 'nginx';
  /** What `--only` calls it: an instance goes by its service's name too. */
  readonly calledBy: readonly string[];
  readonly ports: readonly Port[];
  /** Why it cannot be started, and what to do. */
  missing(): string | undefined;
  /** Makes what is missing on disk and says how it is run. */
  prepare(signal: AbortSignal): Promise<Launch>;
  ready(): Promise<boolean>;
}

/** Every process that this stack should have, in the order in which they start. */
export function partsOf(stack: Stack): readonly Part[] {
  return [
    ...(allDatabasesElsewhere(stack) ? [] : [postgresPart(stack)]),
    ...(kafkaElsewhere(stack) ? [] : [kafkaPart(stack)]),
    ...services.flatMap((service) => instancesOf(service, stack)).map((instance) => servicePart(stack, instance)),
    nginxPart(stack),
  ];
}

const postgresPart = (stack: Stack): Part => ({
  name: 'postgres',
  kind: 'postgres',
  calledBy: ['postgres'],
  ports: [{ port: postgresPort(stack), what: 'PostgreSQL' }],
  missing: () => undefined,
  prepare: (signal) => preparePostgres(stack, signal),
  ready: () => postgresAnswers(stack),
});

const kafkaPart = (stack: Stack): Part => ({
  name: 'kafka',
  kind: 'kafka',
  calledBy: ['kafka'],
  ports: [
    { port: kafkaPort(stack), what: 'Kafka' },
    { port: controllerPort(stack), what: "Kafka's controller" },
  ],
  missing: () => undefined,
  prepare: (signal) => prepareKafka(stack, signal),
  ready: () => kafkaAnswers(stack),
});

const servicePart = (stack: Stack, instance: Instance): Part => ({
  name: instance.name,
  kind: 'service',
  calledBy: [instance.name, instance.service.name],
  ports: [{ port: instance.port, what: instance.name }],
  missing: () => {
    const built = existsSync(entry(stack, instance.service.name, 'main.js'));
    return built ? undefined : `services/${instance.service.name} is not built: make build`;
  },
  prepare: async () => ({
    command: [process.execPath, entry(stack, instance.service.name, 'main.js')],
    env: environmentOf(stack, instance),
    cwd: join(stack.home, 'run'),
  }),
  ready: () =>
    fetch(`http://127.0.0.1:${instance.port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      async (answer) => (await answer.arrayBuffer(), answer.ok),
      () => false,
    ),
});

const nginxPart = (stack: Stack): Part => ({
  name: 'nginx',
  kind: 'nginx',
  calledBy: ['nginx'],
  ports: [...gatewayPorts(stack).map((port) => ({ port, what: 'the gateway' })), ...legacyPorts(stack)],
  missing: () => (existsSync(join(builtPage(stack), 'index.html')) ? undefined : 'frontend is not built: make build'),
  prepare: (signal) => prepareNginx(stack, signal),
  ready: () => gatewayAnswers(stack),
});
