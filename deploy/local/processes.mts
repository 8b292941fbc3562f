import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beganAt, membersOfGroup } from './process-table.mts';
import type { Stack } from './settings.mts';

export interface Launch {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const rotateAbove = 50 * 1024 * 1024;
const patience = 10_000;

export const runFolder = (stack: Stack): string => join(stack.home, 'run');
export const logFile = (stack: Stack, name: string): string => join(stack.home, 'logs', `${name}.log`);
const pidFile = (stack: Stack, name: string): string => join(runFolder(stack), `${name}.pid`);

/** Starts a process that outlives us, in a group of its own, and resolves once its pid is on disk. */
export async function launch(stack: Stack, name: string, { command, env, cwd }: Launch): Promise<number> {
  mkdirSync(runFolder(stack), { recursive: true });
  mkdirSync(join(stack.home, 'logs'), { recursive: true });
  rmSync(pidFile(stack, name), { force: true });
  rotate(logFile(stack, name));
  const log = openSync(logFile(stack, name), 'a');
  const starter = join(import.meta.dirname, 'launch.sh');
  const child = spawn('/bin/sh', [starter, pidFile(stack, name), ...command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const ended = new Promise<false>((resolve, reject) => {
    child.once('exit', () => resolve(false));
    child.once('error', reject);
  });
  while (recorded(stack, name) === undefined) {
    if ((await Promise.race([ended, sleep(5, true)])) === false) break;
  }
  return child.pid ?? 0;
}

/** The pid of a running part; undefined when it has ended, also when its number belongs to somebody else by now. */
export function running(stack: Stack, name: string): number | undefined {
  const record = recorded(stack, name);
  return record !== undefined && beganAt(record.pid) === record.began ? record.pid : undefined;
}

/** Every part that has a pid file, alive or not: also one that this version of the catalogue no longer knows. */
export function recordedNames(stack: Stack): readonly string[] {
  const files = tryOr(() => readdirSync(runFolder(stack)), []);
  return files.filter((file) => file.endsWith('.pid')).map((file) => file.slice(0, -'.pid'.length));
}

/** Ends a part and all that it started: asks, waits at most ten seconds, then insists. Resolves when nothing is left. */
export async function stop(
  stack: Stack,
  name: string,
  signal: NodeJS.Signals,
): Promise<'stopped' | 'killed' | 'absent'> {
  const pid = running(stack, name);
  const result = pid === undefined ? 'absent' : await stopLeader(stack, name, pid, signal);
  // What an ended leader has left has nobody to end it in order.
  for (const each of orphansOf(stack, name)) send(each, 'SIGKILL');
  await until(() => orphansOf(stack, name).length === 0);
  rmSync(pidFile(stack, name), { force: true });
  return result;
}

async function stopLeader(
  stack: Stack,
  name: string,
  pid: number,
  signal: NodeJS.Signals,
): Promise<'stopped' | 'killed'> {
  const ended = () => running(stack, name) === undefined;
  send(pid, signal);
  // A frozen process hears nothing but SIGKILL until it is woken.
  send(pid, 'SIGCONT');
  if (await until(ended)) return 'stopped';
  send(pid, 'SIGKILL');
  await until(ended);
  return 'killed';
}

/** Members of a part's group: its workers, or what its death left behind. */
export function groupOf(stack: Stack, name: string): readonly number[] {
  const record = recorded(stack, name);
  return record === undefined ? [] : membersOfGroup(record.pid);
}

/** What a killed leader left behind. While one of them lives, the kernel gives its group's number to nobody else. */
function orphansOf(stack: Stack, name: string): readonly number[] {
  const record = recorded(stack, name);
  if (record === undefined || beganAt(record.pid) !== undefined) return [];
  return membersOfGroup(record.pid);
}

function recorded(stack: Stack, name: string): { readonly pid: number; readonly began: string } | undefined {
  const text = tryOr(() => readFileSync(pidFile(stack, name), 'utf8').trim(), '');
  const [pid, began] = text.split(' ');
  return pid && began ? { pid: Number(pid), began } : undefined;
}

async function until(done: () => boolean): Promise<boolean> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(20)) if (done()) return true;
  return done();
}

function rotate(file: string): void {
  if (tryOr(() => statSync(file).size, 0) > rotateAbove) renameSync(file, `${file}.1`);
}

const send = (pid: number, signal: NodeJS.Signals): void => void tryOr(() => process.kill(pid, signal), false);

const tryOr = <T,>(run: () => T, otherwise: T): T => {
  try {
    return run();
  } catch {
    return otherwise;
  }
};
