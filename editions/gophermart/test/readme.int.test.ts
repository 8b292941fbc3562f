import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, freePorts, type TestDatabase } from '@g-store/testing';
import { commandOf } from './running-programs.js';

jest.setTimeout(120_000);

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createDatabase();
  folder = mkdtempSync(join(tmpdir(), 'gophermart-readme-'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['gophermart', 'accrual']) {
    const program = join(folder, 'bin', name);
    const words = commandOf(name).map((word) => `'${word}'`);
    writeFileSync(program, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
    chmodSync(program, 0o755);
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

/** The shell's lines of a section, with another database and other ports. */
async function linesOf(section: string): Promise<string> {
  const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
  const lines = readme.split(`## ${section}\n`)[1]?.split('```sh\n')[1]?.split('```')[0] ?? '';
  const [mart, accrual] = await freePorts(2);
  return lines
    .replace(/^export DATABASE_URI=.*$/m, `export DATABASE_URI='${database.ownerUrl}'`)
    .replaceAll('9080', String(mart))
    .replaceAll('9085', String(accrual));
}

it('every line of the README about Gophermart does what it says', async () => {
  // Whatever fails on the way, the two programs end with their shell.
  const script = `set -m; trap 'kill %1 %2 2>/dev/null' EXIT\n${await linesOf('Gophermart, alone')}wait\n`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, timeout: 100_000 });
  expect(stdout.replaceAll(/"(uploaded|processed)_at":"[^"]*"/g, '"$1_at":"…"')).toBe(
    [
      '[{"number":"12345678903","status":"PROCESSED","accrual":729.98,"uploaded_at":"…"}]',
      '{"current":729.98,"withdrawn":0}[{"order":"2377225624","sum":500,"processed_at":"…"}]{"current":229.98,"withdrawn":500}',
    ].join('\n'),
  );
});
