import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');

interface Block {
  readonly language: string;
  /** The file that a block of code becomes. */
  readonly file: string;
  readonly text: string;
}

/** The page's blocks in order; `console` needs a whole running stack, which the journeys have and this has not. */
const blocksOf = (page: string): readonly Block[] =>
  [...page.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language = '', file = '', text = '']) => ({
    language,
    file,
    text,
  }));

/** Of the checkout what a service is made of and tested with; its dependencies by links. */
function copyCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'gstore-subscriber-'));
  const without = new Set(['node_modules', 'dist', 'reports']);
  const wanted = (source: string) => !without.has(basename(source));
  for (const each of [
    'packages',
    'tools',
    'deploy',
    'nginx',
    'e2e',
    join('services', 'orders'),
    'tsconfig.base.json',
    'jest.config.cjs',
  ])
    cpSync(join(root, each), join(copy, each), { recursive: true, filter: wanted });
  for (const each of ['package.json', 'package-lock.json', 'eslint.config.mjs', '.prettierrc.json'])
    cpSync(join(root, each), join(copy, each));
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@g-store'), { recursive: true });
  for (const each of readdirSync(join(root, 'node_modules')))
    if (each !== '@g-store') symlinkSync(join(root, 'node_modules', each), join(modules, each));
  for (const each of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', each), join(modules, '@g-store', each));
    const own = join(root, 'packages', each, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(copy, 'packages', each, 'node_modules'));
  }
  return copy;
}

/** What a shell said; empty when the command ended well. */
function faultOf(command: string, cwd: string): string {
  const { JEST_WORKER_ID: _, ...env } = process.env;
  const path = [dirname(process.execPath), join(cwd, 'node_modules', '.bin'), env['PATH']].join(delimiter);
  const shell = spawnSync('sh', ['-c', command], { cwd, env: { ...env, PATH: path }, encoding: 'utf8' });
  return shell.status === 0 ? '' : `${command} ended with ${shell.status}:\n${shell.stdout}${shell.stderr}`;
}

it('docs/add-a-subscriber.md leads to a service that works, step by step', () => {
  const blocks = blocksOf(readFileSync(join(root, 'docs', 'add-a-subscriber.md'), 'utf8'));
  const copy = copyCheckout();
  let [commands, files] = [0, 0];
  try {
    for (const { language, file, text } of blocks) {
      if (language === 'sh')
        for (const command of text.trim().split('\n')) {
          commands += 1;
          expect(faultOf(command, copy)).toBe('');
        }
      if (language === 'ts') {
        // A step that changes a file which the steps before have not made is out of date.
        expect(existsSync(join(copy, file))).toBe(true);
        writeFileSync(join(copy, file), text);
        files += 1;
      }
    }
    expect([commands, files]).toEqual([10, 4]);
    expect(readFileSync(join(copy, 'deploy/local/services.mts'), 'utf8')).toContain(`name: 'loyalty'`);
    expect(readFileSync(join(copy, 'package-lock.json'), 'utf8')).toContain('services/loyalty');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 300_000);
