import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** When a process began, in the words of launch.sh; undefined when there is none, or only a zombie. With the pid it names a process for good. */
export function beganAt(pid: number): string | undefined {
  if (!hasProc) return ps('lstart=', pid)?.replace(/ +/g, '-');
  const fields = stat(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : `${bootId}:${fields[19]}`;
}

/** Pids of the processes of one group, zombies left out. */
export function membersOfGroup(group: number): readonly number[] {
  return pids().filter((pid) => {
    if (!hasProc) return ps('pgid=', pid) === String(group);
    const fields = stat(pid);
    return fields !== undefined && fields[0] !== 'Z' && fields[2] === String(group);
  });
}

/** Memory that a process really takes, its share of shared pages included, in bytes. */
export function memoryOf(pid: number): number {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const kilobytes = /^Pss: +(\d+)/m.exec(rollup ?? '')?.[1] ?? ps('rss=', pid) ?? '0';
  return Number(kilobytes) * 1024;
}

/** Who listens on a port: `nginx (pid 812)`; undefined when that cannot be told. */
export function listenerOn(port: number): string | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = `${read('/proc/net/tcp') ?? ''}\n${read('/proc/net/tcp6') ?? ''}`
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
  if (sockets.length === 0) return undefined;
  const pid = pids().find((each) => descriptors(each).some((target) => sockets.includes(target)));
  return pid === undefined ? undefined : `${read(`/proc/${pid}/comm`)?.trim() ?? 'somebody'} (pid ${pid})`;
}

const hasProc = process.platform === 'linux';
const bootId = hasProc ? (read('/proc/sys/kernel/random/boot_id') ?? '').trim() : '';

/** The fields of /proc/PID/stat from the state on. */
const stat = (pid: number): readonly string[] | undefined =>
  read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');

function pids(): readonly number[] {
  const names = hasProc ? readdirSync('/proc') : execFileSync('ps', ['-axo', 'pid='], { encoding: 'utf8' }).split('\n');
  return names.map(Number).filter((pid) => pid > 0);
}

function descriptors(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    return []; // not ours to look at, or gone meanwhile
  }
}

function ps(column: string, pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
