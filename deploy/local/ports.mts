import { connect, createServer } from 'node:net';
import { listenerOn } from './process-table.mts';
import type { Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

export interface Port {
  readonly port: number;
  readonly what: string;
}

/** Looks at every port before anything is started. @throws StackRefused naming each one, who holds it, and what to do */
export async function checkFree(stack: Stack, ports: readonly Port[]): Promise<void> {
  const taken: string[] = [];
  for (const { port, what } of ports) {
    if (await isFree(port)) continue;
    taken.push(`  port ${port} (${what}) is taken by ${listenerOn(port) ?? 'another program'}`);
  }
  if (taken.length === 0) return;
  throw new StackRefused(
    `${taken.join('\n')}\nStop what is there, or move this stack: PORT_OFFSET=${stack.portOffset === 0 ? 10_000 : 5_000} make start`,
  );
}

/** Nobody answers there and we could listen there. */
export const isFree = async (port: number): Promise<boolean> => !(await answers(port)) && (await canListen(port));

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
