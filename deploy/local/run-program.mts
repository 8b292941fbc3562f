import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Launch } from './processes.mts';
import { StackRefused } from './stack-refused.mts';

/** Runs a program to its end. @throws StackRefused with what was being done and what the program said about it */
export async function runProgram(what: string, { command, ...options }: Program): Promise<void> {
  const [program = '', ...args] = command;
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new StackRefused(`${what} failed:\n${`${stdout}${stderr}`.trim() || message}`);
  }
}

interface Program extends Partial<Launch> {
  readonly command: readonly string[];
  readonly signal: AbortSignal;
}
