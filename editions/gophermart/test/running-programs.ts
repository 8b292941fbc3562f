import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { client, eventually, freePort, type HttpClient } from '@g-store/testing';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface Program extends AsyncDisposable {
  readonly url: string;
  readonly http: HttpClient;
  /** Sends a signal, or none, and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

export interface Start {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const source = (name: string): readonly string[] => [
  '--conditions',
  'development',
  '--require',
  join(__dirname, 'from-source.cjs'),
  join(__dirname, `../src/${name}-main.ts`),
];

/** The command that runs a program as its sources stand. */
export const commandOf = (name: string): readonly string[] => [process.execPath, ...source(name)];

/** A program with nothing in its environment but what it is given. */
export function run(name: 'gophermart' | 'accrual', { args = [], env = {} }: Start) {
  const child = spawn(process.execPath, [...source(name), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (said) => (output += said));
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, output }));
  const end = async (signal?: NodeJS.Signals): Promise<Ended> => {
    if (signal) child.kill(signal);
    return ended;
  };
  return { end, isRunning: () => child.exitCode === null && child.signalCode === null, output: () => output };
}

/** A program that answers. */
export async function start(name: 'gophermart' | 'accrual', { args, env = {} }: Start): Promise<Program> {
  const address = `localhost:${await freePort()}`;
  const program = run(name, { ...(args && { args }), env: { RUN_ADDRESS: address, ...env } });
  const url = `http://127.0.0.1:${address.split(':')[1]}`;
  const http = client(url);
  await eventually(
    async () => {
      if (program.isRunning()) return (await http.get('/livez')).status === 200;
      throw new Error(program.output());
    },
    { within: 60_000, every: 50 },
  );
  return {
    url,
    http,
    end: program.end,
    [Symbol.asyncDispose]: async () => void (await program.end('SIGKILL')),
  };
}
