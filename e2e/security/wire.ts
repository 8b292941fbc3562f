import { connect } from 'node:net';
import { gateway } from '../stack';

/** Bytes as nobody's HTTP client would send them; what comes back until the other side ends, or all of it is there. */
export function sendRaw(
  bytes: string | Buffer,
  { to = gateway, until = () => false }: { to?: string; until?: (heard: string) => boolean } = {},
): Promise<string> {
  const { hostname, port } = new URL(to);
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (until(heard)) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

export const request = (lines: readonly string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`;

/** The status of each answer on a connection, in order. */
export const statusesIn = (heard: string): readonly number[] =>
  [...heard.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
