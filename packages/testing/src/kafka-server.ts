import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-port';
import { knownBrokers } from './kafka-probe';

export interface KafkaCluster extends AsyncDisposable {
  /** `host:port` of every node. */
  readonly brokers: readonly string[];
  readonly nodes: readonly KafkaNode[];
}

export interface KafkaNode {
  /** As in Kafka's own metadata. */
  readonly id: number;
  readonly broker: string;
  /** Resolves when the process has ended. */
  kill(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Freezes the process, as a machine does that swaps or loses its network. */
  freeze(): void;
  thaw(): void;
  /** On the same port and data; resolves when every node that runs is known again. */
  start(): Promise<void>;
}

export interface KafkaOptions {
  readonly nodes?: 1 | 3;
}

/** A Kafka (KRaft) of its own on free ports with its data in the temporary folder; disposal kills it and deletes its data. */
export async function startKafka({ nodes: count = 1 }: KafkaOptions = {}): Promise<KafkaCluster> {
  const libs = libraries();
  const folder = mkdtempSync(join(tmpdir(), 'gstore-kafka-'));
  const ports = await freePorts(count * 2);
  const port = (index: number): number => ports[index] ?? 0;
  const quorum = Array.from({ length: count }, (_, i) => ({ id: i + 1, controller: port(count + i), directory: id() }));
  const cluster = id();
  const running = new Set<number>();

  const nodes = quorum.map(({ id: nodeId, controller }, i): KafkaNode => {
    const home = join(folder, `node-${nodeId}`);
    mkdirSync(home);
    const properties = join(home, 'server.properties');
    writeFileSync(properties, toProperties({ nodeId, port: port(i), controller, quorum, home, count }));
    writeFileSync(join(home, 'log4j2.properties'), log4j);
    const voters = quorum.map((q) => `${q.id}@127.0.0.1:${q.controller}:${q.directory}`).join(',');
    const formation = count === 1 ? ['--standalone'] : ['--initial-controllers', voters];
    execFileSync(
      'java',
      [
        '-Xmx128m',
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        '-cp',
        join(libs, '*'),
        'kafka.tools.StorageTool',
        'format',
        ...formation,
        '-t',
        cluster,
        '-c',
        properties,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return node({ nodeId, broker: `127.0.0.1:${port(i)}`, home, libs, running });
  });

  const brokers = nodes.map(({ broker }) => broker);
  const dispose = async () => {
    await Promise.all(nodes.map((each) => each.kill('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(nodes.map((each) => each.start()));
  } catch (error) {
    await dispose();
    throw error;
  }
  return { brokers, nodes, [Symbol.asyncDispose]: dispose };
}

interface NodeFiles {
  readonly nodeId: number;
  readonly broker: string;
  readonly home: string;
  readonly libs: string;
  readonly running: Set<number>;
}

function node({ nodeId, broker, home, libs, running }: NodeFiles): KafkaNode {
  let child: ChildProcess | undefined;
  const endWithUs = () => child?.kill('SIGKILL');
  return {
    id: nodeId,
    broker,
    async kill(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      running.delete(nodeId);
      process.off('exit', endWithUs);
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      await new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.kill(signal);
        // A frozen process hears nothing but SIGKILL.
        ending.kill('SIGCONT');
      });
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async start() {
      const log = openSync(join(home, 'kafka.log'), 'a');
      const started = spawn(
        'java',
        [
          '-Xms64m',
          '-Xmx400m',
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          `-Dlog4j2.configurationFile=file:${join(home, 'log4j2.properties')}`,
          '-cp',
          join(libs, '*'),
          'kafka.Kafka',
          join(home, 'server.properties'),
        ],
        { stdio: ['ignore', log, log], cwd: home },
      );
      closeSync(log);
      child = started;
      running.add(nodeId);
      process.once('exit', endWithUs);
      const until = performance.now() + 45_000;
      while ((await knownBrokers(broker).catch(() => 0)) < running.size) {
        const ended = started.exitCode !== null || started.signalCode !== null;
        if (ended || performance.now() > until)
          throw new Error(`Kafka did not start:\n${readFileSync(join(home, 'kafka.log'), 'utf8')}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

interface Settings {
  readonly nodeId: number;
  readonly port: number;
  readonly controller: number;
  readonly quorum: readonly { readonly controller: number }[];
  readonly home: string;
  readonly count: number;
}

const toProperties = ({ nodeId, port, controller, quorum, home, count }: Settings): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.bootstrap.servers': quorum.map((q) => `127.0.0.1:${q.controller}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(home, 'data'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': count,
    'transaction.state.log.replication.factor': count,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': count,
    'share.coordinator.state.topic.min.isr': 1,
    'offsets.topic.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
    'log.segment.bytes': 134217728,
    'log.cleaner.dedupe.buffer.size': 16777216,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const log4j = `shutdownHook=disable
rootLogger.level=warn
rootLogger.appenderRefs=stdout
rootLogger.appenderRef.stdout.ref=STDOUT
appender.stdout.type=Console
appender.stdout.name=STDOUT
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=[%d] %p %m (%c)%n
`;

/** 16 bytes as Kafka writes a UUID. */
const id = (): string => `A${randomBytes(16).toString('base64url').slice(1)}`;

/** The jars: KAFKA_LIBS, else the repository's own folder, filled by Maven when it is empty. */
function libraries(): string {
  const root = join(__dirname, '..', '..', '..');
  const libs = process.env['KAFKA_LIBS'] ?? join(root, '.local', 'kafka', 'libs');
  if (existsSync(libs)) return libs;
  const fetched = mkdtempSync(join(tmpdir(), 'gstore-kafka-libs-'));
  const pom = join(__dirname, '..', '..', '..', 'deploy', 'local', 'kafka', 'pom.xml');
  execFileSync('mvn', ['-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${fetched}`], {
    stdio: 'inherit',
  });
  mkdirSync(join(libs, '..'), { recursive: true });
  try {
    renameSync(fetched, libs);
    return libs;
  } catch {
    // Somebody else was quicker, or the temporary folder is another file system.
    return existsSync(libs) ? libs : fetched;
  }
}
