import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** What eslint says of a file that stood here and held this. */
function lint(path: string, code: string): string {
  const eslint = spawnSync(
    process.execPath,
    [join(root, 'node_modules/eslint/bin/eslint.js'), '--stdin', '--stdin-filename', path],
    {
      cwd: root,
      input: code,
      encoding: 'utf8',
    },
  );
  return eslint.stdout;
}

describe('the walls between the rooms', () => {
  it.each([
    [
      'a domain from its application',
      'services/orders/src/domain/probe.ts',
      '../application/orders.js',
      'domain does not know application',
    ],
    ['a domain from the clock of node', 'services/orders/src/domain/probe.ts', 'node:fs', 'imports nothing but values'],
    [
      'a domain from a package but values',
      'services/payments/src/domain/probe.ts',
      '@g-store/messaging',
      'knows only packages/values',
    ],
    [
      'an inbound room from an outbound one',
      'services/orders/src/inbound/probe.ts',
      '../outbound/order-work.js',
      'inbound does not know outbound',
    ],
    [
      'a service from another service',
      'services/orders/src/outbound/probe.ts',
      '../../../payments/src/domain/ledger.js',
      'services meet in Kafka',
    ],
    [
      'a package from a service',
      'packages/http/src/probe.ts',
      '../../../services/orders/src/domain/order.js',
      'never imports a service',
    ],
    ['http from messaging', 'packages/http/src/probe.ts', '@g-store/messaging', 'does not know packages/messaging'],
    ['a service from what tests use', 'services/orders/src/probe.ts', '@g-store/testing', 'only tests import'],
  ])('keep %s', (_what, path, imported, said) => {
    expect(lint(path, `import * as probe from '${imported}';\nexport default probe;\n`)).toContain(said);
  });

  it('let an application see its domain', () => {
    expect(
      lint(
        'services/orders/src/application/probe.ts',
        `import * as order from '../domain/order.js';\nexport const probe = order;\n`,
      ),
    ).toBe('');
  });

  it('keep raw time and randomness out of a service', () => {
    const code = 'export const probe = [Date.now(), new Date(), Math.random(), setTimeout(() => undefined, 1)];\n';
    expect(lint('services/orders/src/application/probe.ts', code).match(/come.? in through/g)).toHaveLength(4);
  });
});
