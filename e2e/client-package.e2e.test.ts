import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { http } from './shop';
import { gateway } from './stack';

const run = promisify(execFile);
const root = join(__dirname, '..');
const packageFolder = join(root, 'packages/client');

interface Document {
  readonly paths: Readonly<Record<string, object>>;
}

describe('the client as it is published', () => {
  it('does what the first example of its README says', async () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[1] ?? '';
    const here = example.replace('http://localhost:8000', gateway).replace('anna@example.com', `anna-${randomUUID()}`);
    const folder = mkdtempSync(join(packageFolder, 'dist-'));
    try {
      await run(process.execPath, [join(packageFolder, 'generate/publishable.mjs'), folder]);
      writeFileSync(join(folder, 'example.mts'), here);
      const { stdout } = await run(process.execPath, [join(folder, 'example.mts')], { timeout: 60_000 });
      // One who watches an order is told how it is by then, and the shop may have been quick.
      expect(stdout).toMatch(/^(the order is PENDING\n)?the order is PAID\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['orders', 'payments', 'points', 'identity', 'notifications', 'accrual', 'journal'])(
    'knows every route of %s, as the service itself describes it',
    async (service) => {
      const program = `import { documentOf } from ${JSON.stringify(join(packageFolder, 'generate/documents.mjs'))};
        const documents = await Promise.all([${JSON.stringify(service)}, 'operations'].map(documentOf));
        process.stdout.write(JSON.stringify(documents));`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
        maxBuffer: 1 << 26,
      });
      const { body } = await http.get<Document>(`/api/${service}/swagger/doc.json`);
      const [own, operations] = (JSON.parse(stdout) as readonly Document[]).map(({ paths }) => Object.entries(paths));
      // One that hears nobody, or tells nobody, has less for operators.
      const ofOperators = (operations ?? []).filter(([path]) => path in body.paths);
      expect({ ...Object.fromEntries(own ?? []), ...Object.fromEntries(ofOperators) }).toEqual(body.paths);
    },
  );
});
