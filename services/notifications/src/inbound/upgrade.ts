import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, replyOf } from '@g-store/http';

export const PROTOCOL = 'gstore.v1';
const BEARER = 'bearer.';

/** The paths at which sockets are opened: here, and as the gateway shows it. */
const paths: ReadonlySet<string> = new Set(['/ws', '/ws/', '/ws/orders', '/ws/orders/']);

export const isSocketPath = (url: string | undefined): boolean => paths.has((url ?? '').split('?', 1)[0] ?? '');

/** @throws Problem forbidden when a page of somewhere else asks; a program sends no Origin */
export function checkOrigin({ headers }: Pick<IncomingMessage, 'headers'>, origins: ReadonlySet<string>): void {
  if (headers.origin !== undefined && !origins.has(headers.origin))
    throw new Problem('forbidden', 'sockets are not opened for this origin');
}

/** The access token: among the protocols, as a browser must send it, or as a header. @throws Problem unauthenticated */
export function tokenIn({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const offered = protocolsIn(headers['sec-websocket-protocol']).filter((protocol) => protocol.startsWith(BEARER));
  const [scheme = '', value, ...rest] = headers.authorization?.split(' ') ?? [];
  const inHeader = scheme.toLowerCase() === 'bearer' && rest.length === 0 ? value : undefined;
  if (headers.authorization !== undefined && inHeader === undefined)
    throw new Problem('unauthenticated', 'this is no bearer token');
  const tokens = [
    ...offered.map((protocol) => protocol.slice(BEARER.length)),
    ...(inHeader === undefined ? [] : [inHeader]),
  ];
  const [token] = tokens;
  // Of two, others on the way may have looked at the one and we at the other.
  if (token === undefined || token === '' || tokens.length > 1) throw new Problem('unauthenticated');
  return token;
}

const protocolsIn = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').map((one) => one.trim());

/** Answers as every route answers, for on this connection there will be no other way. */
export function refuseUpgrade(
  socket: Duplex,
  problem: Problem,
  { instance, traceId }: { instance: string; traceId: string },
): void {
  const { status, headers, body } = replyOf(problem);
  const content = JSON.stringify({ ...(body as object), instance, traceId });
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(content)),
    connection: 'close',
  });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${content}`,
  );
}
