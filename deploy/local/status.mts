import { partsOf } from './parts.mts';
import { memoryOf } from './process-table.mts';
import { groupOf, running } from './processes.mts';
import type { Stack } from './settings.mts';

export interface PartStatus {
  readonly name: string;
  readonly pid: number | undefined;
  readonly ports: readonly number[];
  readonly ready: boolean;
  /** Bytes, of all its processes. */
  readonly memory: number;
}

export const statusOf = (stack: Stack): Promise<readonly PartStatus[]> =>
  Promise.all(
    partsOf(stack).map(async ({ name, ports, ready }) => {
      const pid = running(stack, name);
      return {
        name,
        pid,
        ports: ports.map(({ port }) => port),
        ready: pid !== undefined && (await ready()),
        memory: pid === undefined ? 0 : groupOf(stack, name).reduce((sum, each) => sum + memoryOf(each), 0),
      };
    }),
  );

export function printStatus(parts: readonly PartStatus[]): string {
  const rows = parts.map(({ name, pid, ports, ready, memory }) => [
    name,
    pid === undefined ? '-' : String(pid),
    ports.join(', '),
    pid === undefined ? 'not running' : ready ? 'ready' : 'not ready',
    pid === undefined ? '' : `${Math.round(memory / 1024 / 1024)} MB`,
  ]);
  const table = [['part', 'pid', 'port', 'state', 'memory'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
