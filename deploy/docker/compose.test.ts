import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '@g-store/contracts';
import { parse } from 'yaml';
import { nodeOptionsOf, secretsOf } from '../local/service-environment.mts';
import { services } from '../local/services.mts';
import { asUnset, read, readCompose, root, type Container, type Mount } from './compose.fake';
import { containerOf } from './containers.mts';
import { secretNames, variableOf } from './given-secrets.mts';

const compose = readCompose();
const containers = Object.entries(compose.services);
const containerNamed = (name: string): Container => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};
const mountsOf = ({ volumes = [] }: Container): readonly Mount[] => volumes.filter((each) => typeof each !== 'string');
const oneShots = containers.filter(([, { restart }]) => restart === 'no');
const everyDay = containers.filter(([, { restart, profiles }]) => restart !== 'no' && profiles === undefined);

describe('the containers of the shop', () => {
  it('are one for each service that exists, and none for a service that does not', () => {
    const folders = readdirSync(join(root, 'services')).filter((name) =>
      existsSync(join(root, 'services', name, 'src', 'main.ts')),
    );
    const built = containers.flatMap(([, { build }]) => (build?.target === 'service' ? [build.args?.SERVICE] : []));
    expect(built.sort()).toEqual(folders.sort());
    expect(services.map(({ name }) => name).sort()).toEqual(folders);
  });

  it.each(services)('have $name on its port, with its own secrets and no others', ({ name, port }) => {
    const { build, environment = {}, ...container } = containerNamed(containerOf(name));
    expect(build).toMatchObject({ target: 'service', args: { SERVICE: name } });
    expect(environment['PORT']).toBe(port);
    // What the image says where this says nothing.
    expect(environment['NODE_OPTIONS'] ?? nodeOptionsOf('orders')).toBe(nodeOptionsOf(name));
    expect(mountsOf(container)).toEqual([
      { type: 'volume', source: 'secrets', target: '/run/secrets', read_only: true, volume: { subpath: name } },
    ]);
    const published = name === 'notifications' ? containerNamed('api-gateway').ports : container.ports;
    expect(published).toContain(`127.0.0.1:${port}:${port}`);
    expect(containerNamed('api-gateway').depends_on?.[containerOf(name)]).toEqual({ condition: 'service_healthy' });
    expect(read('deploy/docker/prometheus.yaml')).toContain(`names: [${containerOf(name)}], type: A, port: ${port} `);
  });

  it.each(services)('tell $name everything that it wants to know before it starts', async (service) => {
    const folder = mkdtempSync(join(tmpdir(), 'gstore-secrets-'));
    const stack = { name: 'docker', root, home: folder, portOffset: 0, env: { POSTGRES_ADDRESS: 'postgres:5432' } };
    const secrets = Object.entries(secretsOf(stack, service));
    for (const [variable, value] of secrets) writeFileSync(join(folder, variable), value);
    const { environment = {} } = containerNamed(containerOf(service.name));
    const env = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, asUnset(value).replace('/run/secrets', folder)]),
    );
    const config = (await import(join(root, 'services', service.name, 'src', 'config.ts'))) as Record<string, unknown>;
    const readers = Object.entries(config).filter(([name]) =>
      new RegExp(`^read${service.name}Settings$`, 'i').test(name),
    );
    expect(readers).toHaveLength(1);
    const [[, readSettings] = []] = readers as [string, (given: typeof env) => Record<string, unknown>][];
    expect(readSettings?.(env)).toMatchObject({
      HOST: '0.0.0.0',
      PORT: service.port,
      DATABASE_URL: expect.stringContaining(`@postgres:5432/${service.name}`) as string,
      STAFF_API_KEYS: expect.anything() as unknown,
    });
    expect(secrets.filter(([name]) => env[`${name}_FILE`] === undefined)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('have the names that everybody knows, and profiles for what is not everybody’s', () => {
    const named = ['api-gateway', 'frontend', 'postgres', 'kafka', 'migrate', 'topics', 'secrets'];
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(named));
    expect(new Set(containers.flatMap(([, { profiles = [] }]) => profiles))).toEqual(new Set(['tools', 'obs', 'load']));
    expect(containerNamed('api-gateway').ports?.map(asUnset)).toEqual([
      '127.0.0.1:80:8080',
      '127.0.0.1:443:8443',
      '127.0.0.1:3000:3000',
      '127.0.0.1:8084:8084',
    ]);
    expect(containerNamed('kafka-ui').ports).toEqual(['127.0.0.1:9093:8080']);
  });

  it('are reached from this machine alone, unless somebody says otherwise', () => {
    const published = containers.flatMap(([, { ports = [] }]) => ports.map(asUnset));
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it.each(containers)('give %s so much memory, processor and processes, and no more', (_, { deploy }) => {
    expect(Object.keys(deploy?.resources.limits ?? {}).sort()).toEqual(['cpus', 'memory', 'pids']);
  });

  it.each(everyDay)('know whether %s is well, and start it again', (_, { healthcheck, build, restart }) => {
    const ofImage = build && new RegExp(`AS ${build.target}\\n(?:(?!FROM)[^])*HEALTHCHECK`).test(read('Dockerfile'));
    expect(healthcheck ?? ofImage).toBeTruthy();
    expect(restart).toBe('unless-stopped');
  });

  it.each(oneShots.filter(([, { profiles }]) => profiles === undefined))('wait until %s has done its work', (name) => {
    const waiting = containers.filter(
      ([, { depends_on: on = {} }]) => on[name]?.condition === 'service_completed_successfully',
    );
    expect(waiting).not.toEqual([]);
  });

  it.each(containers.filter(([, { build }]) => build))('let %s write nothing and gain no rights', (_, container) => {
    expect(container).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it('wait for nobody who is not there, and keep what they keep in volumes with names', () => {
    const awaited = containers.flatMap(([, { depends_on: on = {} }]) => Object.keys(on));
    expect(awaited.filter((name) => !(name in compose.services))).toEqual([]);
    const used = containers.flatMap(([, { volumes = [] }]) =>
      volumes.map((each) => (typeof each === 'string' ? asUnset(each).split(':')[0] : each.source)),
    );
    const named = used.filter((source) => !source?.startsWith('./'));
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
    expect(used.filter((source) => source?.startsWith('./') && !existsSync(join(root, source)))).toEqual([]);
  });
});

describe('Kafka in a container', () => {
  const { environment = {} } = containerNamed('kafka');

  it('is told all that its image no longer assumes once it is told anything', () => {
    const roles = ['NODE_ID', 'PROCESS_ROLES', 'CONTROLLER_QUORUM_VOTERS', 'CONTROLLER_LISTENER_NAMES', 'LOG_DIRS'];
    const listeners = [
      'LISTENERS',
      'ADVERTISED_LISTENERS',
      'LISTENER_SECURITY_PROTOCOL_MAP',
      'INTER_BROKER_LISTENER_NAME',
    ];
    const copies = ['OFFSETS_TOPIC', 'TRANSACTION_STATE_LOG', 'SHARE_COORDINATOR_STATE_TOPIC'].map(
      (of) => `${of}_REPLICATION_FACTOR`,
    );
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining([...roles, ...listeners, ...copies].map((name) => `KAFKA_${name}`)),
    );
    expect(environment['KAFKA_AUTO_CREATE_TOPICS_ENABLE']).toBe('false');
  });

  it('is looked at with the type of every topic', () => {
    const ui = parse(read('deploy/docker/kafka-ui.yaml')) as {
      kafka: { clusters: { serde: { properties: { protobufMessageNameByTopic: Record<string, string> } }[] }[] };
    };
    expect(ui.kafka.clusters[0]?.serde[0]?.properties.protobufMessageNameByTopic).toEqual(
      Object.fromEntries(Object.values(topics).map(({ name, message }) => [name, message.name])),
    );
  });
});

describe('.env.example', () => {
  const offered = [...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? '');

  it('offers every setting that docker-compose.yml reads, and every secret', () => {
    const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? '');
    const wanted = new Set([...asked, ...secretNames.map(variableOf), 'MORE_STAFF_API_KEYS', 'COMPOSE_PROFILES']);
    expect([...offered].sort()).toEqual([...wanted].sort());
  });

  it('gives no secret away', () => {
    const given = read('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line));
    expect(given).toEqual([]);
    expect(read('.gitignore')).toContain('\n.env\n');
  });

  it('is all that anybody could have written a secret into: the file itself holds none', () => {
    const told = containers.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secretive = told.filter(([name]) => /PASSWORD|SECRET|KEYS?($|_)|DATABASE.*URL/.test(name));
    expect(secretive.filter(([name]) => !name.endsWith('_FILE'))).toEqual([]);
  });
});
