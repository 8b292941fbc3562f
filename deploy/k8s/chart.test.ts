import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@g-store/contracts';
import { hearersIn } from '../../tools/asyncapi/hearers.mts';
import { nodeOptionsOf } from '../local/service-environment.mts';
import { bringTools, objectsOf, podOf, rendered, root, run, type Rendered } from './rendered.fake';

// Once on a machine, kubeconform has to be built.
jest.setTimeout(300_000);
beforeAll(bringTools);

const files = ['values.yaml', 'ci/large-values.yaml', 'ci/elsewhere-values.yaml'] as const;
const chart = (values?: (typeof files)[number]): readonly Rendered[] => objectsOf(rendered(values));
const ofKind = (kind: string, objects = chart()): readonly Rendered[] => objects.filter((each) => each.kind === kind);
const specOf = <T>(object: Rendered): T => object['spec'] as T;

describe.each(files)('the chart with %s', (values) => {
  it('is well written and fits what Kubernetes and its operators take', () => {
    expect(run('helm', ['lint', '--strict', '--quiet', '.', '--values', values])).not.toMatch(/ERROR|WARNING/);
    const schemas = [
      'schemas/v1.34.0/{{ .ResourceKind }}{{ .KindSuffix }}.json',
      'schemas/crds/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json',
    ];
    const locations = schemas.flatMap((schema) => ['-schema-location', schema]);
    expect(run('kubeconform', ['-strict', '-summary', ...locations, '-'], rendered(values))).toContain(
      'Invalid: 0, Errors: 0, Skipped: 0',
    );
  });

  it('gives every container no more than it needs: no root, no capability, no file to write', () => {
    const pods = chart(values).flatMap((object) => podOf(object) ?? []);
    expect(pods.length).toBeGreaterThan(10);
    for (const { securityContext, automountServiceAccountToken, containers } of pods) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(automountServiceAccountToken).toBe(false);
      for (const container of containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources.requests).toHaveProperty('cpu');
        expect(container.resources.limits.memory).toMatch(/i$/);
      }
    }
  });

  it('asks every lasting container whether it lives and whether it is ready, spreads it and budgets its loss', () => {
    const objects = chart(values);
    for (const deployment of ofKind('Deployment', objects)) {
      const { name } = deployment.metadata;
      expect(podOf(deployment)).toMatchObject({ topologySpreadConstraints: [{ maxSkew: 1 }, { maxSkew: 1 }] });
      for (const container of podOf(deployment)?.containers ?? [])
        expect(container).toMatchObject({ startupProbe: {}, livenessProbe: {}, readinessProbe: {} });
      expect(ofKind('PodDisruptionBudget', objects).map((each) => each.metadata.name)).toContain(name);
    }
  });

  it('lets nobody in and nobody out but by a policy of its own', () => {
    const policies = ofKind('NetworkPolicy', chart(values));
    const [deny] = policies.filter((policy) => policy.metadata.name === 'default-deny');
    expect(deny && specOf(deny)).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const pods = chart(values).filter((object) => podOf(object) !== undefined && object.metadata.name !== 'topics');
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(pods.map(({ metadata }) => metadata.name)),
    );
  });
});

describe.each(['values.yaml', 'ci/large-values.yaml'] as const)('the databases of %s', (values) => {
  it('have room for every instance that there can be', () => {
    const objects = chart(values);
    const most = (service: string): number => {
      const [scaled] = ofKind('ScaledObject', objects).filter(({ metadata }) => metadata.name === service);
      const [deployment] = ofKind('Deployment', objects).filter(({ metadata }) => metadata.name === service);
      return scaled
        ? specOf<Scaled>(scaled).maxReplicaCount
        : specOf<{ replicas: number }>(deployment ?? never()).replicas;
    };
    for (const cluster of ofKind('Cluster', objects)) {
      const { managed, postgresql } = specOf<ClusterSpec>(cluster);
      const services = managed.roles.flatMap(({ name }) => /^(\w+)_app$/.exec(name)?.[1] ?? []);
      // Readers 10, commands 2, inbox 3, relay, its lease and upkeep; and some for operators.
      const needed = services.reduce((sum, service) => sum + 18 * most(service), 10);
      expect([cluster.metadata.name, Number(postgresql.parameters['max_connections']) >= needed]).toEqual([
        cluster.metadata.name,
        true,
      ]);
    }
  });
});

describe('the chart and the catalogue of topics', () => {
  it('agree on every topic, its partitions and how long it keeps', () => {
    const made = ofKind('KafkaTopic').map((topic) => [topic.metadata.name, topic['spec']]);
    expect(Object.fromEntries(made)).toEqual(
      Object.fromEntries(
        Object.values(topics).map(({ name, partitions, retentionMs }) => [
          name,
          {
            partitions,
            replicas: 3,
            config: { 'min.insync.replicas': 2, 'cleanup.policy': 'delete', 'retention.ms': retentionMs },
          },
        ]),
      ),
    );
  });

  it('let the owner of a topic write it, and those read it who hear it, and nobody else', () => {
    const nameOf = new Map(Object.values(topics).map(({ name, message }) => [message.name.split('.').at(-1), name]));
    const hears = hearersIn(join(root, 'services'));
    for (const service of new Set(hears.map(({ service }) => service))) {
      const [user] = ofKind('KafkaUser').filter(({ metadata }) => metadata.name === `shop-${service}`);
      const { acls } = (
        user as unknown as { readonly spec: { readonly authorization: { readonly acls: readonly Acl[] } } }
      ).spec.authorization;
      const may = (operation: string) =>
        acls
          .filter(({ resource, operations }) => resource.type === 'topic' && operations.includes(operation))
          .map(({ resource }) => resource.name)
          .sort();
      const owned = Object.values(topics).filter(({ owner }) => owner === service);
      const heard = hears
        .filter((each) => each.service === service)
        .map(({ message }) => nameOf.get(message) ?? message);
      expect([service, may('Write')]).toEqual([service, owned.map(({ name }) => name).sort()]);
      expect([service, may('Read')]).toEqual([service, [...new Set(heard)].sort()]);
      expect(acls.filter(({ resource }) => resource.type === 'group').map(({ resource }) => resource.name)).toEqual([
        service,
      ]);
    }
  });

  it('never ask for more instances than a topic has partitions', () => {
    const partitions = new Map<string, number>(Object.values(topics).map(({ name, partitions }) => [name, partitions]));
    const scaled = ofKind('ScaledObject').map((object) => specOf<Scaled>(object));
    const byLag = scaled.filter(({ triggers }) => triggers.some(({ type }) => type === 'kafka'));
    expect(byLag.map(({ scaleTargetRef }) => scaleTargetRef.name)).toEqual(['orders', 'payments', 'points']);
    for (const { scaleTargetRef, maxReplicaCount, triggers } of byLag) {
      const heard = hearersIn(join(root, 'services')).filter(
        ({ service, cases }) => service === scaleTargetRef.name && cases !== 'all',
      );
      expect(triggers).toHaveLength(heard.length);
      for (const { metadata } of triggers) {
        expect(metadata['consumerGroup']).toBe(scaleTargetRef.name);
        expect(maxReplicaCount).toBeLessThanOrEqual(partitions.get(metadata['topic'] ?? '') ?? 0);
      }
    }
  });

  it('add instances of notifications by their sockets', () => {
    const [notifications] = ofKind('ScaledObject').filter(({ metadata }) => metadata.name === 'notifications');
    expect(notifications && specOf<Scaled>(notifications).triggers[0]?.metadata['query']).toContain('ws_connections');
  });
});

describe('the chart and the settings of the services', () => {
  const services = ofDeployments();
  it.each(services)('agree on every variable of %s', (name) => {
    const read = settingsReader(name);
    const [deployment] = ofKind('Deployment').filter(({ metadata }) => metadata.name === name);
    const env = (deployment && podOf(deployment)?.containers[0]?.env) ?? [];
    const given = Object.fromEntries(env.map(({ name: variable, value }) => [variable, value]));
    // A file of the cluster is one with something in it.
    const filled = Object.fromEntries(
      Object.entries(given).map(([variable, value]) =>
        variable.endsWith('_FILE') ? [variable.replace(/_FILE$/, ''), secretFor(variable)] : [variable, value],
      ),
    );
    const settings = read(filled);
    expect(settings).toMatchObject({ GSTORE_MODE: 'production', PORT: Number(given['PORT']) });
    const unknown = Object.keys(filled).filter((variable) => !(variable in settings));
    expect(unknown.filter((variable) => !variable.startsWith('OTEL_') && variable !== 'NODE_OPTIONS')).toEqual([]);
    expect(settings).toMatchObject({ KAFKA_USERNAME: `shop-${name}` });
    // What the image says where the chart says nothing.
    expect(given['NODE_OPTIONS'] ?? nodeOptionsOf('orders')).toBe(nodeOptionsOf(name));
  });

  it('leave no service out', () => {
    expect(ofKind('Deployment').map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['gateway', 'frontend', ...services]),
    );
  });
});

describe('the secrets of the chart', () => {
  it('are all made by make-secrets.sh, each role with a password of its own', () => {
    const made = objectsOf(
      execFileSync('sh', [join(__dirname, 'make-secrets.sh')], { encoding: 'utf8', stdio: 'pipe' }),
    );
    const names = new Set(made.map(({ metadata }) => metadata.name));
    const mounted = chart()
      .flatMap((object) => podOf(object)?.volumes ?? [])
      .flatMap(({ secret }) => secret?.secretName ?? []);
    // What Strimzi and CloudNativePG make themselves: the password of each user, and certificates.
    const ours = mounted.filter((name) => !/^shop-|-ca$/.test(name));
    expect(ours.filter((name) => !names.has(name))).toEqual([]);
    const passwords = made.flatMap(({ stringData }) => (stringData as { readonly password?: string }).password ?? []);
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it('hold two roles for each database, and neither comes to another one', () => {
    const clusters = ofKind('Cluster').map((cluster) => specOf<ClusterSpec>(cluster));
    for (const { metadata } of ofKind('Database')) {
      const [own] = clusters.filter(({ managed }) => managed.roles.some(({ name }) => name === `${metadata.name}_app`));
      const roles = own?.managed.roles.filter(({ name }) => name.startsWith(`${metadata.name}_`)) ?? [];
      expect(roles.map(({ name, passwordSecret }) => [name, passwordSecret.name])).toEqual([
        [`${metadata.name}_owner`, `${metadata.name}-database-owner`],
        [`${metadata.name}_app`, `${metadata.name}-database`],
      ]);
      const both = `${metadata.name}_owner,${metadata.name}_app`;
      expect(own?.postgresql.pg_hba.filter((rule) => rule.includes(both))).toEqual([
        `hostssl ${metadata.name} ${both} all scram-sha-256`,
        `host all ${both} all reject`,
      ]);
    }
  });
});

describe('values that cannot be', () => {
  it.each([
    ['services.orders.replicas=0', /replicas/],
    ['image.tag=latest', /tag/],
    ['mode=test', /mode/],
    ['hots=shop.example.com', /hots/],
  ])('are refused: %s', (value, reason) => {
    expect(() => run('helm', ['template', 'shop', '.', '--set', value])).toThrow(reason);
  });
});

interface Acl {
  readonly resource: { readonly type: string; readonly name: string };
  readonly operations: readonly string[];
}
interface Scaled {
  readonly scaleTargetRef: { readonly name: string };
  readonly maxReplicaCount: number;
  readonly triggers: readonly { readonly type: string; readonly metadata: Readonly<Record<string, string>> }[];
}
interface ClusterSpec {
  readonly managed: {
    readonly roles: readonly { readonly name: string; readonly passwordSecret: { readonly name: string } }[];
  };
  readonly postgresql: { readonly pg_hba: readonly string[]; readonly parameters: Readonly<Record<string, string>> };
}

const never = (): never => {
  throw new Error('the chart has no such deployment');
};

/** The services of the checkout: one that is still to come is in the chart already. */
function ofDeployments(): readonly string[] {
  return ['accrual', 'identity', 'journal', 'notifications', 'orders', 'payments', 'points'].filter((name) =>
    existsSync(join(root, 'services', name, 'src', 'config.ts')),
  );
}

type Read = (env: Readonly<Record<string, string | undefined>>) => Readonly<Record<string, unknown>>;

function settingsReader(service: string): Read {
  const config = require(join(root, 'services', service, 'src', 'config')) as Readonly<Record<string, Read>>;
  const reader = config[`read${service[0]?.toUpperCase()}${service.slice(1)}Settings`];
  if (reader === undefined) throw new Error(`services/${service}/src/config.ts reads no settings`);
  return reader;
}

const secretFor = (variable: string): string =>
  variable.startsWith('DATABASE') ? 'postgres://app:pw@main-rw:5432/shop' : 'Zt4kQ9vL2mXc7RbW5nYd8HgJ3sFp6TeA';
