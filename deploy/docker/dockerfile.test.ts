import { nodeOptionsOf } from '../local/service-environment.mts';
import { read } from './compose.fake';

const stages = new Map(
  read('Dockerfile')
    .split(/^(?=FROM )/m)
    .flatMap((text) => {
      const [, base, name] = /^FROM (\S+) AS (\S+)/.exec(text) ?? [];
      return name ? [[name, { base, text }] as const] : [];
    }),
);
const stage = (name: string): string => stages.get(name)?.text ?? '';

describe('the images', () => {
  it.each(['service', 'setup', 'gateway', 'frontend'])('run %s as an ordinary user', (name) => {
    expect(stage(name)).toMatch(/^USER (node|nginx)$/m);
  });

  it.each(['service', 'gateway', 'frontend'])('can tell whether %s is well', (name) => {
    expect(stage(name)).toMatch(/^HEALTHCHECK /m);
  });

  it('begin from what others keep up to date, and from nothing else', () => {
    const bases = new Set([...stages.values()].map(({ base }) => base).filter((base) => !stages.has(base ?? '')));
    expect(bases).toEqual(new Set(['${NODE}', '${NGINX}']));
    expect(read('Dockerfile')).toMatch(/^ARG NODE=node:24-slim$/m);
  });

  it('have an init before Node, which hands signals on', () => {
    expect(stage('runtime')).toContain('ENTRYPOINT ["tini", "--"]');
    for (const name of ['service', 'setup']) expect(stages.get(name)?.base).toBe('runtime');
    expect(stage('service')).not.toContain('ENTRYPOINT');
  });

  it('run Node as the local stack does', () => {
    expect(stage('service')).toContain(`ENV NODE_OPTIONS="${nodeOptionsOf('orders')}"\n`);
    expect(stage('service')).toContain('CMD ["node", "dist/main.js"]\n');
  });

  it('hold packages of production alone, and nothing that a build needs', () => {
    expect(read('deploy/docker/assemble.sh')).toContain('npm ci --omit=dev --ignore-scripts');
    expect([...stage('service').matchAll(/^COPY (--\S+ \S+)/gm)].map(([, what]) => what)).toEqual([
      '--from=production /shop/out/node_modules',
      '--from=production /shop/out/packages',
      '--from=production /shop/out/services/${SERVICE:?}',
    ]);
  });

  it('are made without what is made, secret or of the past', () => {
    const kept = read('.dockerignore').split('\n');
    expect(kept).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '.git', '.local', '.env']));
  });
});
