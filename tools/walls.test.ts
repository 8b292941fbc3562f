import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

interface Probe {
  readonly path: string;
  readonly code: string;
}

/** What eslint says of files that stood there and held this: one message text per probe. A process of its own, for it is an ES module. */
function lint(probes: readonly Probe[]): readonly string[] {
  const program = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint();
    const texts = [];
    for (const { path, code } of JSON.parse(process.env.PROBES)) {
      const [{ messages }] = await eslint.lintText(code, { filePath: path });
      texts.push(messages.map(({ message }) => message).join('\\n'));
    }
    process.stdout.write(JSON.stringify(texts));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env: { ...process.env, PROBES: JSON.stringify(probes) },
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as readonly string[];
}

const importing = (path: string, imported: string): Probe => ({
  path,
  code: `import * as probe from '${imported}';\nexport const seen = probe;\n`,
});

const walls = [
  [
    'a domain from its application',
    importing('services/orders/src/domain/probe.ts', '../application/orders.js'),
    'domain does not know application',
  ],
  [
    'a domain from the files of node',
    importing('services/orders/src/domain/probe.ts', 'node:fs'),
    'imports nothing but values',
  ],
  [
    'a domain from a package but values',
    importing('services/payments/src/domain/probe.ts', '@g-store/messaging'),
    'knows only packages/values',
  ],
  [
    'an inbound room from an outbound one',
    importing('services/orders/src/inbound/probe.ts', '../outbound/order-work.js'),
    'inbound does not know outbound',
  ],
  [
    'a service from another service',
    importing('services/orders/src/outbound/probe.ts', '../../../payments/src/domain/ledger.js'),
    'services meet in Kafka',
  ],
  [
    'a package from a service',
    importing('packages/http/src/probe.ts', '../../../services/orders/src/domain/order.js'),
    'never imports a service',
  ],
  [
    'the client, which runs in pages, from any other package',
    importing('packages/client/src/probe.ts', '@g-store/runtime'),
    'packages/client does not know packages/runtime',
  ],
  [
    'http from messaging',
    importing('packages/http/src/probe.ts', '@g-store/messaging'),
    'does not know packages/messaging',
  ],
  [
    'a service from an edition',
    importing('services/orders/src/probe.ts', '../../../editions/gophermart/src/door.js'),
    'never imports an edition',
  ],
  [
    "an edition from a service's rooms",
    importing('editions/gophermart/src/probe.ts', '../../../services/points/src/domain/points.js'),
    "knows only services' roots",
  ],
  ['a service from what tests use', importing('services/orders/src/probe.ts', '@g-store/testing'), 'only tests import'],
] as const;

const door = importing('services/orders/src/application/probe.ts', '../domain/order.js');
const entrance = importing('editions/gophermart/src/probe.ts', '@g-store/points-service/service');
const raw: Probe = {
  path: 'services/orders/src/application/probe.ts',
  code: 'export const probe = [Date.now(), new Date(), Math.random(), setTimeout(() => undefined, 1)];\n',
};

describe('the walls between the rooms', () => {
  let said: readonly string[];
  beforeAll(() => void (said = lint([...walls.map(([, probe]) => probe), door, entrance, raw])));

  it.each(walls.map(([what, , message], index) => [what, message, index] as const))(
    'keep %s',
    (_what, message, index) => {
      expect(said[index]).toContain(message);
    },
  );

  it('let an application see its domain', () => {
    expect(said[walls.length]).toBe('');
  });

  it("let an edition see a service's root", () => {
    expect(said[walls.length + 1]).toBe('');
  });

  it('keep raw time and randomness out of a service', () => {
    expect(said[walls.length + 2]?.match(/come.? in through/g)).toHaveLength(4);
  });
});
