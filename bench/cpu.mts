import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // sysconf(_SC_CLK_TCK) of every Linux that Node runs on

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended and were waited for: PostgreSQL's backends count there when they are gone. */
  readonly ended: number;
}

/** CPU seconds of a process and everything below it since they began; the difference of two looks is what lies between. */
export function cpuOfTree(root: number): number {
  const childrenOf = new Map<number, Stat[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat !== undefined) childrenOf.set(stat.parent, [...(childrenOf.get(stat.parent) ?? []), stat]);
  }
  const sum = (stat: Stat): number =>
    (childrenOf.get(stat.pid) ?? []).reduce((total, child) => total + sum(child), stat.own + stat.ended);
  const top = statOf(root);
  return top === undefined ? 0 : sum(top) / TICKS_PER_SECOND;
}

/** CPU seconds of programs that this process has run to their end. */
export const cpuOfEndedChildren = (): number => (statOf(process.pid)?.ended ?? 0) / TICKS_PER_SECOND;

/** User and system time of this process, in seconds. */
export const ownCpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const number = (at: number): number => Number(fields[at]);
    return { pid, parent: number(1), own: number(11) + number(12), ended: number(13) + number(14) };
  } catch {
    return undefined; // gone meanwhile
  }
}

export interface CpuTotals {
  readonly busy: number;
  readonly total: number;
}

/** Of the whole machine, in seconds: tells how much others took while we measured. */
export function machineCpu(): CpuTotals {
  const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
  const total = fields.slice(0, 8).reduce((sum, each) => sum + each, 0);
  const idle = (fields[3] ?? 0) + (fields[4] ?? 0);
  return { busy: (total - idle) / TICKS_PER_SECOND, total: total / TICKS_PER_SECOND };
}
