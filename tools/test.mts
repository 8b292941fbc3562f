/**
 * Everything that has to hold before a change may land, from the quickest to the slowest. Goes on after a failure, so
 * that one run tells all of it. The last line counts what the suites' own reports say: `N passed, N failed`.
 *
 *   node tools/test.mts            all of it
 *   node tools/test.mts check int  only these steps
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  readonly what: string;
  readonly command: readonly string[];
  /** Runs at the same time as the step before, which waits more than it computes; tells its output afterwards. */
  readonly beside?: true;
  /** Files written by the step's own test runner; a step without any counts as one check. */
  readonly reports?: () => readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numTotalTests: number;
}

const root = join(import.meta.dirname, '..');
const reports = join(root, 'reports');
/** Each project writes its own, beside it: Nx brings them back when it answers from its cache. */
const unitReports = (): readonly string[] => [
  ...['packages', 'services', 'editions'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder)).map((project) => join(root, folder, project, 'reports/unit.json'))
      : [],
  ),
  join(root, 'frontend/reports/unit.json'),
];

const jest = (suite: string): Step['command'] => [
  'jest',
  '--selectProjects',
  suite,
  '--json',
  `--outputFile=reports/${suite}.json`,
  '--passWithNoTests',
];

const steps: readonly Step[] = [
  { name: 'generate', what: 'codecs from proto/', command: ['nx', 'run-many', '-t', 'generate'] },
  { name: 'format', what: 'prettier', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  {
    name: 'proto',
    what: 'buf lint, and nothing that breaks a reader',
    command: ['npm', 'run', '--silent', 'lint:proto', '-w', 'packages/contracts'],
  },
  { name: 'lint', what: 'eslint, with the walls between the rooms', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'unused', what: 'knip', command: ['knip'] },
  { name: 'types', what: 'every project', command: ['nx', 'run-many', '-t', 'typecheck'] },
  {
    name: 'scripts',
    what: 'the types of what Node runs as it stands',
    command: [
      'sh',
      '-c',
      'tsc -p deploy/local && tsc -p deploy/local/tsconfig.test.json && tsc -p deploy/k8s && tsc -p deploy/observability && tsc -p tools',
    ],
  },
  { name: 'unit', what: 'without any server', command: ['nx', 'run-many', '-t', 'test'], reports: unitReports },
  {
    name: 'tools',
    what: 'tools, local stack and bench, without any server',
    command: [
      ...jest('unit').map((word) => word.replace('unit.json', 'tools.json')),
      '--testPathPatterns',
      '/(tools|deploy|bench)/',
    ],
    reports: () => [join(reports, 'tools.json')],
  },
  { name: 'build', what: 'every project', command: ['nx', 'run-many', '-t', 'build'] },
  // These wait for servers more than they compute: several of them at once, even where there are two cores.
  {
    name: 'int',
    what: 'on a real PostgreSQL',
    command: [...jest('int'), '--maxWorkers=3'],
    reports: () => [join(reports, 'int.json')],
  },
  {
    name: 'kafka',
    what: 'on a real Kafka',
    command: [...jest('kafka'), '--maxWorkers=2'],
    beside: true,
    reports: () => [join(reports, 'kafka.json')],
  },
  {
    name: 'e2e',
    what: 'the whole stack behind nginx',
    command: [...jest('e2e'), '--maxWorkers=2'],
    reports: () => [join(reports, 'e2e.json')],
  },
  {
    name: 'alone',
    what: 'the same, while parts of it are stopped, killed and spoiled',
    command: [...jest('alone'), '--runInBand'],
    reports: () => [join(reports, 'alone.json')],
  },
];

const groups: Readonly<Record<string, readonly string[]>> = {
  check: ['generate', 'format', 'proto', 'lint', 'unused', 'types', 'scripts', 'unit', 'tools'],
};

function chosen(words: readonly string[]): readonly Step[] {
  if (words.length === 0) return steps;
  const names = words.flatMap((word) => groups[word] ?? [word]);
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no step ${unknown.join(', ')}; there are ${[...Object.keys(groups), ...steps.map(({ name }) => name)].join(', ')}.\n`,
    );
    process.exit(2);
  }
  return steps.filter(({ name }) => names.includes(name));
}

const run = ([command = '', ...args]: readonly string[], output: 'inherit' | number): Promise<number> =>
  new Promise((resolve) => {
    const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['inherit', output, output],
      env: { ...process.env, PATH: path, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
    });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });

function counted(step: Step, code: number): { readonly passed: number; readonly failed: number } {
  if (step.reports === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const files = step.reports().filter((file) => existsSync(file));
  const all = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Report);
  const passed = all.reduce((sum, report) => sum + report.numPassedTests, 0);
  const failed = all.reduce((sum, report) => sum + report.numFailedTests + report.numRuntimeErrorTestSuites, 0);
  // A runner that ended badly without saying which test failed has failed all the same.
  return { passed, failed: failed === 0 && (code !== 0 || all.length === 0) ? 1 : failed };
}

interface Row {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

async function take(step: Step, output: 'inherit' | number): Promise<Row> {
  const from = performance.now();
  const code = await run(step.command, output);
  return { name: step.name, ...counted(step, code), seconds: (performance.now() - from) / 1_000 };
}

async function takeBeside(step: Step, first: Promise<unknown>): Promise<Row> {
  const file = join(reports, `${step.name}.log`);
  const row = await take(step, openSync(file, 'w'));
  await first;
  process.stdout.write(`\n── ${step.name}: ${step.what}\n${readFileSync(file, 'utf8')}`);
  return row;
}

for (const stale of [reports, ...unitReports()]) rmSync(stale, { recursive: true, force: true });
mkdirSync(reports);
const started = performance.now();
const rows: Row[] = [];
const waiting = [...chosen(process.argv.slice(2))];
for (let step = waiting.shift(); step; step = waiting.shift()) {
  process.stdout.write(`\n── ${step.name}: ${step.what}\n`);
  const first = take(step, 'inherit');
  const second = waiting[0]?.beside ? waiting.shift() : undefined;
  rows.push(...(await Promise.all([first, ...(second ? [takeBeside(second, first)] : [])])));
}
process.stdout.write(
  `\n${rows.map(({ name, passed, failed, seconds }) => `${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`).join('\n')}\n`,
);
process.stdout.write(`in ${((performance.now() - started) / 60_000).toFixed(1)} min\n`);
const [passed, failed] = [
  rows.reduce((sum, row) => sum + row.passed, 0),
  rows.reduce((sum, row) => sum + row.failed, 0),
];
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
