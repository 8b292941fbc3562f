import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gateway, secret } from './stack';

const root = join(__dirname, '..');
const run = promisify(execFile);
const collections = readdirSync(join(root, 'requests')).filter((file) => file.endsWith('.postman_collection.json'));

interface Outcome {
  readonly run: {
    readonly stats: { readonly assertions: { readonly total: number; readonly failed: number } };
    readonly failures: readonly {
      readonly source?: { readonly name?: string };
      readonly error: { readonly test?: string; readonly message: string };
    }[];
    readonly executions: readonly unknown[];
  };
}

/** What newman says of a collection that it sent from top to bottom. */
async function newman(file: string): Promise<Outcome['run']> {
  const folder = mkdtempSync(join(tmpdir(), 'gstore-newman-'));
  const report = join(folder, 'report.json');
  const told = { gateway, operatorLogin: 'first-operator', operatorPassword: secret('first-operator-password') };
  const variables = Object.entries(told).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]);
  const collection = join(root, 'requests', file);
  const program = require.resolve('newman/bin/newman.js');
  const args = [program, 'run', collection, ...variables, '--reporters', 'json', '--reporter-json-export', report];
  try {
    // It ends with 1 when an assertion fails, which its report says better.
    await run(process.execPath, args, { cwd: root, maxBuffer: 1 << 26 }).catch(() => undefined);
    return (JSON.parse(readFileSync(report, 'utf8')) as Outcome).run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the requests that we give away', () => {
  it('are those of the OpenAPI documents, each route among them', async () => {
    const check = run(process.execPath, [join(root, 'tools/collections.mts'), '--check'], {
      cwd: root,
      env: { ...process.env, GATEWAY_URL: gateway },
    });
    await expect(
      check.then(
        ({ stdout }) => stdout,
        (error: { stderr: string }) => error.stderr,
      ),
    ).resolves.toMatch(/^requests\/ is what the OpenAPI documents say/);
  });

  it.each(collections)(
    '%s: each is answered as it says, from top to bottom',
    async (file) => {
      const { failures, stats, executions } = await newman(file);
      const told = failures.map(({ source, error }) => `${source?.name}: ${error.test}: ${error.message}`);
      expect(told).toEqual([]);
      // A run that was cut short asserts too little.
      expect(executions.length).toBeGreaterThan(20);
      expect(stats.assertions.total).toBeGreaterThan(1.5 * executions.length);
    },
    120_000,
  );
});
