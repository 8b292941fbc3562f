import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, staffApiKey } from '../../deploy/local/service-environment.mts';
import { serviceNamed } from '../../deploy/local/services.mts';
import { cpuOfTree } from '../cpu.mts';
import { freePort } from '../../packages/testing/src/free-port.ts';
import { execute, type BenchStack } from '../stack.mts';

/** Of what the points service needs, what it does not run itself. */
export const pointsNeeds = ['postgres', 'kafka', 'identity'] as const;

export interface PointsDatabase {
  readonly name: string;
  readonly url: string;
  readonly ownerUrl: string;
}

/** A database of that name with the service's tables in it and no rows. */
export async function pointsDatabase(stack: BenchStack, name: string): Promise<PointsDatabase> {
  const { url, ownerUrl, appRole } = await stack.freshDatabase(name);
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_OWNER_URL: ownerUrl, APP_ROLE: appRole };
  await execute(process.execPath, [entry('migrate.js')], { env });
  return { name, url, ownerUrl };
}

export interface RunningPoints extends AsyncDisposable {
  readonly url: string;
  /** A staff API key that opens points. */
  readonly key: string;
  readonly cpu: () => number;
  readonly memory: () => Memory;
}

export const entry = (file: 'main.js' | 'migrate.js' | 'rebuild.js'): string =>
  join(import.meta.dirname, '../../services/points/dist', file);

const PATIENCE_MS = 60_000;

/** The service as it was built and as the local stack runs it, but on a database of its own and in this process's hands. */
export async function startPoints(
  { local }: BenchStack,
  database: PointsDatabase,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningPoints> {
  const port = await freePort();
  const folder = join(local.home, 'logs');
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'points-bench.log'), 'w');
  const child = spawn(process.execPath, [entry('main.js')], {
    stdio: ['ignore', log, log],
    env: {
      ...environmentOf(local, { service: serviceNamed('points'), name: 'points', port }),
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      ...settings,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, child);
  } catch (error) {
    await end(child);
    throw error;
  }
  const pid = child.pid ?? 0;
  return {
    url,
    key: staffApiKey(local),
    cpu: () => cpuOfTree(pid),
    memory: () => memoryOf(pid),
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (const until = performance.now() + PATIENCE_MS; ;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null) throw new Error(`points ended with ${child.exitCode}`);
    if (performance.now() > until) throw new Error(`points is not ready: ${await answer?.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** In MB: what a process holds now, and the most that it ever held. */
export interface Memory {
  readonly now: number;
  readonly most: number;
}

/** Zeros once the process is gone. */
export function memoryOf(pid: number): Memory {
  const line = (name: string, text: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) / 1024;
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { now: line('VmRSS', text), most: line('VmHWM', text) };
  } catch {
    return { now: 0, most: 0 };
  }
}
