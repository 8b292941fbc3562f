import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beganAt } from './process-table.mts';
import type { Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

/**
 * Lets one command at a time change a stack, until the process ends or disposes of it. A lock whose holder is dead is nobody's.
 * With `interrupt` a start that is under way is told to stop and clean up first. @throws StackRefused naming who is at work
 */
export async function lockStack(stack: Stack, { interrupt }: { readonly interrupt: boolean }): Promise<Disposable> {
  mkdirSync(stack.home, { recursive: true });
  const file = join(stack.home, 'lock');
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${beganAt(process.pid)}`);
  let asked = false;
  try {
    for (const end = performance.now() + 30_000; ; await sleep(50)) {
      if (tryLink(mine, file)) return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
      const holder = holderOf(file);
      if (holder === undefined) rmSync(file, { force: true });
      else if (!interrupt || performance.now() > end)
        throw new StackRefused(`process ${holder} is at work on the stack ${stack.name}`);
      else if (!asked) asked = process.kill(holder, 'SIGINT');
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link appears whole, with its text, or not at all. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const [pid, began] = readFileSync(file, 'utf8').split(' ');
  return pid && beganAt(Number(pid)) === began ? Number(pid) : undefined;
}
