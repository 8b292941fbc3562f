import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import { machineCpu } from './cpu.mts';

const require = createRequire(import.meta.url);

/** What the numbers were measured on and with. */
export function machineFacts(day: string, versionsOf: readonly string[]): Readonly<Record<string, string>> {
  return {
    on: day,
    commit: commit(),
    CPU: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    Node: process.version,
    ...Object.fromEntries(versionsOf.map((name) => [name, versionOf(name)])),
  };
}

/** How busy the machine was before and meanwhile, so that a reader sees whether others were at work too. */
export function watchMachine(): () => string {
  const load = loadavg()[0] ?? 0;
  const before = machineCpu();
  return () => {
    const after = machineCpu();
    const busy = (after.busy - before.busy) / (after.total - before.total);
    return `${Math.round(busy * 100)} %, load ${load.toFixed(1)} before`;
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    }).trim();
  } catch {
    return 'unknown';
  }
}

function versionOf(name: string): string {
  const folders = require.resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
