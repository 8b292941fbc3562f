import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeDescription } from './description.mts';
import { stopPart } from './down.mts';
import { fetchLibraries, kafkaElsewhere, librariesComplete } from './kafka.mts';
import { pretty, toLine } from './logs.mts';
import { partsOf, type Part } from './parts.mts';
import { checkFree } from './ports.mts';
import { makeDatabases } from './postgres.mts';
import { launch, logFile, running, stop } from './processes.mts';
import type { Progress } from './progress.mts';
import { runProgram } from './run-program.mts';
import { migrationEnvironment, staffApiKey } from './service-environment.mts';
import { entry, services } from './services.mts';
import type { Stack } from './settings.mts';
import { makeTopics, topicsBuilt, wantedTopics } from './topics.mts';
import { StackRefused } from './stack-refused.mts';

export interface UpOptions {
  /** These parts alone; everything when undefined. */
  readonly only: readonly string[] | undefined;
  readonly seed: boolean;
}

const patience = 90_000;

/**
 * Brings up what is not running and waits until it is ready; what runs already is left alone.
 * All or nothing: when a step fails or we are interrupted, what this call has started is stopped again.
 */
export async function up(
  stack: Stack,
  { only, seed }: UpOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const parts = partsOf(stack).filter(
    ({ calledBy }) => only === undefined || calledBy.some((name) => only.includes(name)),
  );
  const absent = parts.filter(({ name }) => running(stack, name) === undefined);
  checkBuilt(stack, absent, only);
  // Workers of a killed leader would still hold its port.
  for (const { name } of absent) await stop(stack, name, 'SIGTERM');
  await checkFree(
    stack,
    absent.flatMap(({ ports }) => ports),
  );

  const started: Part[] = [];
  const undo = async () => {
    for (const part of started.reverse()) await stopPart(stack, part.name);
  };
  const ensure = async (part: Part, within: AbortSignal) => {
    if (absent.includes(part)) {
      const how = await part.prepare(within);
      within.throwIfAborted();
      started.push(part);
      await launch(stack, part.name, how);
    } else if (part.kind === 'nginx') await part.prepare(within);
    await untilReady(stack, part, within);
  };
  const bring = (part: Part, within: AbortSignal) =>
    progress.step(
      part.name,
      () => ensure(part, within),
      () => (absent.includes(part) ? where(part) : `${where(part)}, ran already`),
    );
  const ofKind = (kind: Part['kind']) => parts.filter((part) => part.kind === kind);

  try {
    await together(signal, [
      async (within) => {
        for (const part of ofKind('postgres')) {
          await bring(part, within);
          await progress.step(
            'databases',
            () => makeDatabases(stack),
            () => services.map(({ name }) => name).join(', '),
          );
        }
      },
      async (within) => {
        for (const part of ofKind('kafka')) {
          if (!librariesComplete(stack))
            await progress.step(
              "Kafka's jars",
              () => fetchLibraries(stack, within),
              () => 'through Maven, once',
            );
          await bring(part, within);
        }
        if (ofKind('kafka').length > 0 || (kafkaElsewhere(stack) && only === undefined)) await topics(stack, progress);
      },
    ]);
    await migrate(stack, absent, progress, signal);
    await together(
      signal,
      ofKind('service').map((part) => (within) => bring(part, within)),
    );
    await together(
      signal,
      ofKind('nginx').map((part) => (within) => bring(part, within)),
    );
    writeDescription(stack);
  } catch (error) {
    await undo();
    throw signal.aborted ? signal.reason : error;
  }
  if (!seed || only !== undefined) return;
  await seedOnce(stack, progress, signal).catch(async (error: unknown) => {
    if (!signal.aborted) throw error; // the shop runs and may be looked at; only its demo people are missing
    await undo();
    throw signal.reason;
  });
}

function checkBuilt(stack: Stack, absent: readonly Part[], only: UpOptions['only']): void {
  const missing = [...new Set(absent.flatMap((part) => part.missing() ?? []))];
  if (only === undefined && !topicsBuilt(stack)) missing.unshift('packages/contracts is not built: make build');
  if (missing.length > 0) throw new StackRefused(missing.join('\n'));
}

async function topics(stack: Stack, progress: Progress): Promise<void> {
  if (!topicsBuilt(stack)) return progress.note('no topics made: packages/contracts is not built');
  const wanted = await wantedTopics(stack);
  const tell = ({ made }: { made: number }) =>
    `${wanted.map(({ name, partitions }) => `${name} (${partitions})`).join(', ')}; ${made} new`;
  await progress.step('topics', () => makeTopics(stack, wanted), tell);
}

async function migrate(stack: Stack, absent: readonly Part[], progress: Progress, signal: AbortSignal): Promise<void> {
  const due = services
    .map(({ name }) => name)
    .filter((name) => absent.some(({ kind, calledBy }) => kind === 'service' && calledBy.includes(name)));
  if (due.length === 0) return;
  const bring = (name: string) => (within: AbortSignal) => {
    const command = [process.execPath, entry(stack, name, 'migrate.js')];
    return runProgram(`migrating ${name}`, { command, env: migrationEnvironment(stack, name), signal: within });
  };
  await progress.step(
    'migrations',
    () => together(signal, due.map(bring)),
    () => due.join(', '),
  );
}

async function untilReady(stack: Stack, part: Part, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + patience; ; await sleep(50, undefined, { signal })) {
    if (await part.ready()) return;
    signal.throwIfAborted();
    const ended = running(stack, part.name) === undefined;
    if (!ended && performance.now() < end) continue;
    const what = ended ? 'ended before it was ready' : `was not ready within ${patience / 1000} s`;
    throw new StackRefused(
      `${part.name} ${what}. The end of ${logFile(stack, part.name)}:\n${tail(logFile(stack, part.name))}`,
    );
  }
}

/** `npm run seed`, once in the life of a stack. A seed that was cut short runs again, so it must bear that. */
async function seedOnce(stack: Stack, progress: Progress, signal: AbortSignal): Promise<void> {
  const done = join(stack.home, 'seeded');
  const manifest = JSON.parse(readFileSync(join(stack.root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  if (existsSync(done) || manifest.scripts['seed'] === undefined) return;
  await progress.step('demo people and orders', () => runSeed(stack, signal));
  mkdirSync(stack.home, { recursive: true });
  writeFileSync(done, '');
}

function runSeed(stack: Stack, signal: AbortSignal): Promise<void> {
  const env = {
    ...process.env,
    STACK: stack.name,
    PORT_OFFSET: String(stack.portOffset),
    STAFF_API_KEY: staffApiKey(stack),
  };
  const child = spawn('npm', ['run', '--silent', 'seed'], {
    cwd: stack.root,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new StackRefused(`npm run seed failed:\n${output}`)),
    );
  });
}

/** Runs all at once; the first that fails stops the others, and nothing is under way any more when this settles. */
async function together(
  signal: AbortSignal,
  tasks: readonly ((within: AbortSignal) => Promise<void>)[],
): Promise<void> {
  signal.throwIfAborted();
  const failed = new AbortController();
  const within = AbortSignal.any([signal, failed.signal]);
  let first: unknown;
  await Promise.all(
    tasks.map((task) =>
      task(within).catch((error: unknown) => {
        first ??= error;
        failed.abort(error);
      }),
    ),
  );
  if (first !== undefined) throw first;
  signal.throwIfAborted();
}

const where = ({ ports }: Part): string =>
  ports
    .slice(0, 2)
    .map(({ port }) => `127.0.0.1:${port}`)
    .join(', ');

function tail(file: string): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15) : [];
  return lines.map((line) => `    ${pretty(toLine('', line, 0)).trim()}`).join('\n');
}
