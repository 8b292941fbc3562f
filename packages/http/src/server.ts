import type { Timers } from '@g-store/runtime';
import type { Express } from 'express';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { problemContentType, replyOf, Problem } from './problem.js';

export interface ServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly timers: Timers;
  /** How long a stop waits for requests in hand; 4 s by default. */
  readonly graceMs?: number;
}

export interface HttpServer extends AsyncDisposable {
  readonly address: { readonly host: string; readonly port: number };
  /** `http://host:port` */
  readonly url: string;
  /** For upgrades. */
  readonly server: Server;
}

const LOOK_AGAIN_MS = 20;

const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000, // longer than the gateway keeps its own, or it would write into a connection that is going
};

/** Listens; disposing stops accepting and ends when the requests in hand are answered. Upgraded sockets are their owner's to close. */
export async function startHttpServer(
  app: Express,
  { host, port, timers, graceMs = 4_000 }: ServerOptions,
): Promise<HttpServer> {
  let stopping = false;
  let inHand = 0;
  const streams = new AbortController();
  app.locals['stopping'] = streams.signal;
  const answer: RequestListener = (request, response) => {
    inHand += 1;
    response.on('close', () => (inHand -= 1));
    if (stopping) response.shouldKeepAlive = false;
    app(request, response);
  };
  const server = createServer(limits, answer);
  server.on('checkExpectation', answer); // one that nobody knows is passed over, as at the gateway
  server.on('clientError', refuseMalformed);
  server.listen(port, host);
  await once(server, 'listening');
  const address = { host, port: (server.address() as AddressInfo).port };

  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    server.close();
    streams.abort();
    let late = false;
    using _limit = timers.after(graceMs, () => (late = true));
    while (inHand > 0 && !late) await timers.sleep(LOOK_AGAIN_MS);
    server.closeAllConnections();
  };
  return {
    address,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    server,
    [Symbol.asyncDispose]: stop,
  };
}

const statusByFault: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is no HTTP at all, or too large or too slow, the way everything else is answered. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = statusByFault[error.code ?? ''] ?? 400;
  const { body } = replyOf(
    new Problem(status === 431 ? 'payload_too_large' : 'validation_failed', detailByStatus[status], { status }),
  );
  const content = JSON.stringify({ ...(body as object), instance: '/', traceId: noTrace });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: ${problemContentType}\r\ncontent-length: ${Buffer.byteLength(content)}\r\nconnection: close\r\n\r\n${content}`,
  );
}

/** What could not be read is on no trace. */
const noTrace = '0'.repeat(32);

const detailByStatus: Readonly<Record<number, string>> = {
  400: 'this is not valid HTTP',
  408: 'the request took too long',
  431: 'the headers are too large',
};
