import { inspect } from 'node:util';
import { logFatal } from './log.js';
import { systemTimers } from './system.js';

export interface MainOptions {
  readonly name: string;
  /** Starts everything; what it resolves to stops everything. */
  readonly start: () => Promise<AsyncDisposable>;
  /** How long stopping may take before the process ends all the same, with code 1. */
  readonly stopWithinMs?: number;
}

/**
 * Runs a process from start to signal. SIGTERM or SIGINT stops what was started and exits 0; further signals change
 * nothing. Exits 1 if it did not start (with one message on standard error), did not stop in time, or broke.
 */
export function runMain({ name, start, stopWithinMs = 5000 }: MainOptions): void {
  const broke = (error: unknown): never => {
    logFatal(name, error, 'the process broke');
    return process.exit(1);
  };
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    systemTimers.after(stopWithinMs, () => {
      logFatal(name, new Error(`still not stopped after ${stopWithinMs} ms`), 'stopped the hard way');
      process.exit(1);
    });
    started.then((running) => running[Symbol.asyncDispose]()).then(() => process.exit(0), broke);
  };
  process.on('uncaughtException', broke); // a rejection that nobody handles ends up here too
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop); // before the start, which may be long

  const started = (async () => start())(); // a start that throws before its first await is a rejection too
  started.catch((error: unknown) => {
    process.stderr.write(`${startFault(name, error)}\n`);
    process.exit(1);
  });
}

/** Settings and the outside world need no stack trace; a fault of ours does. */
function startFault(name: string, error: unknown): string {
  if (!(error instanceof Error)) return `${name} could not start: ${inspect(error)}`;
  if (error.name === 'ConfigInvalid') return error.message;
  if ('code' in error && typeof error.code === 'string')
    return `${name} could not start: ${error.message || error.code}`;
  return `${name} could not start: ${inspect(error)}`;
}
