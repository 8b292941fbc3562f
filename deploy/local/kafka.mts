import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from './processes.mts';
import { runProgram } from './run-program.mts';
import { clusterId, secret, secretFile } from './secrets.mts';
import type { Stack } from './settings.mts';

const pom = join(import.meta.dirname, 'kafka', 'pom.xml');
const logging = join(import.meta.dirname, 'kafka', 'log4j2.properties');

export const kafkaPort = (stack: Stack): number => 9092 + stack.portOffset;
export const controllerPort = (stack: Stack): number => 19_093 + stack.portOffset;
export const kafkaElsewhere = (stack: Stack): boolean => Boolean(stack.env['KAFKA_BROKERS']);
export const brokersOf = (stack: Stack): string => stack.env['KAFKA_BROKERS'] || `127.0.0.1:${kafkaPort(stack)}`;
/** Kafka's own name of its data: offsets of another one mean nothing to whoever kept them. */
export const clusterIdOf = (stack: Stack): string => secret(stack, 'kafka-cluster-id', clusterId);
/** What is made next is another cluster. */
export function forgetCluster(stack: Stack): void {
  rmSync(secretFile(stack, 'kafka-cluster-id'), { force: true });
  rmSync(join(stack.home, 'kafka', 'data'), { recursive: true, force: true });
}

export const kafkaVersion = (): string =>
  /<kafka.version>(.+)<\/kafka.version>/.exec(readFileSync(pom, 'utf8'))?.[1] ?? '';

const libraries = (stack: Stack): string => join(stack.root, '.local', 'kafka', 'libs');
export const librariesComplete = (stack: Stack): boolean =>
  existsSync(join(libraries(stack), `kafka_2.13-${kafkaVersion()}.jar`));

/** Brings Kafka's jars through Maven, once for all stacks. */
export async function fetchLibraries(stack: Stack, signal: AbortSignal): Promise<void> {
  const shared = join(stack.root, '.local', 'kafka');
  mkdirSync(shared, { recursive: true });
  const half = mkdtempSync(join(shared, 'half-'));
  try {
    const output = `-DoutputDirectory=${join(half, 'libs')}`;
    const command = ['mvn', '-q', '-B', '-f', pom, 'dependency:copy-dependencies', output];
    await runProgram("bringing Kafka's jars through Maven", { command, signal });
    rmSync(libraries(stack), { recursive: true, force: true });
    renameSync(join(half, 'libs'), libraries(stack));
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** Formats the storage the first time, and says how the single node is run. */
export async function prepareKafka(stack: Stack, signal: AbortSignal): Promise<Launch> {
  const folder = join(stack.home, 'kafka');
  mkdirSync(folder, { recursive: true });
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, render(settingsOf(stack, join(folder, 'data'))));
  const classes = ['-cp', join(libraries(stack), '*')];
  const log4j = `-Dlog4j2.configurationFile=file:${logging}`;
  if (!existsSync(join(folder, 'data', 'meta.properties'))) {
    const format = [
      'kafka.tools.StorageTool',
      'format',
      '--ignore-formatted',
      '--standalone',
      '-t',
      clusterIdOf(stack),
      '-c',
      properties,
    ];
    const small = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const command = [java(stack), ...small, log4j, ...classes, ...format];
    await runProgram("formatting Kafka's storage", { command, signal });
  }
  const memory = ['-Xms64m', '-Xmx400m'];
  return {
    command: [java(stack), ...memory, log4j, ...classes, 'kafka.Kafka', properties],
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    cwd: folder,
  };
}

const settingsOf = (stack: Stack, data: string): Readonly<Record<string, string | number | boolean>> => {
  const listeners = `PLAINTEXT://127.0.0.1:${kafkaPort(stack)},CONTROLLER://127.0.0.1:${controllerPort(stack)}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort(stack)}`,
    'controller.listener.names': 'CONTROLLER',
    listeners,
    'advertised.listeners': listeners,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    // Topics are made from the catalogue alone: a mistyped name must fail, not become a topic.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // A killed broker is back after 5 s instead of 13. A single node has nobody to be confused by short heartbeats.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
    'log.segment.bytes': 128 * 1024 * 1024,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  };
};

const render = (settings: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const java = (stack: Stack): string => (stack.env['JAVA_HOME'] ? join(stack.env['JAVA_HOME'], 'bin', 'java') : 'java');
