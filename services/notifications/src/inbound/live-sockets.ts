import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import {
  Problem,
  type Authenticator,
  type DenyList,
  type Denial,
  type HttpServer,
  type Session as Credential,
} from '@g-store/http';
import type { Clock, Ids, Log, Metrics, Randomness, Timers } from '@g-store/runtime';
import type { Hub } from '../live/hub.js';
import { createConnections } from './connections.js';
import { openSocket, type LiveSocket } from './live-socket.js';
import { checkOrigin, isSocketPath, PROTOCOL, refuseUpgrade, tokenIn } from './upgrade.js';

export interface SocketLimits {
  readonly socketsPerUser: number;
  readonly subscriptions: number;
  readonly messagesPerSecond: number;
  readonly pingMs: number;
  /** Over how long sockets are closed when the service stops. */
  readonly spreadMs: number;
}

export interface LiveSocketsOptions {
  /** Undefined while the feed is not ready. */
  readonly hub: () => Hub | undefined;
  readonly authenticate: Pick<Authenticator, 'token'>;
  readonly denyList: DenyList;
  readonly origins: readonly string[];
  readonly limits: SocketLimits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface LiveSockets extends AsyncDisposable {
  attach(server: HttpServer): void;
  readonly size: number;
  /** Lets nobody in any more and sends everybody elsewhere, some now and some a little later. */
  sendAway(): Promise<void>;
}

const wireLimits = {
  maxPayload: 16 * 1024,
  maxFragments: 8,
  /** Of one frame that comes in small pieces. */
  maxBufferedChunks: 256,
  closeTimeout: 3_000,
};
const MISSES = 2;
/** Who is sent away comes back within this time, each at a moment of their own. */
const COME_BACK_MS = 5_000;
const STEPS = 20;
const LAST_WORDS_MS = 250;

/** The websocket endpoint: lets in whoever may, and puts out whoever may no longer. */
export function createLiveSockets(options: LiveSocketsOptions): LiveSockets {
  const { denyList, limits, clock, timers, log, metrics } = options;
  const connections = createConnections<LiveSocket>();
  const origins = new Set(options.origins);
  metrics.gauge('ws_connections', 'Sockets that are open', [], (open) => open.set(connections.size));
  const evicted = metrics.counter('ws_evicted_total', 'Sockets that were put out, by the code they were told', [
    'code',
  ]);
  const resumes = metrics.counter('ws_resumes_total', 'Returns of those who had been here', ['recovered']);
  let leaving = false;

  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    ...wireLimits,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  const answerFor = (request: IncomingMessage) => ({
    instance: (request.url ?? '').split('?', 1)[0] ?? '',
    traceId: options.ids.next().replaceAll('-', ''),
  });
  webSockets.on('wsClientError', (error, socket, request) =>
    refuseUpgrade(socket, new Problem('validation_failed', error.message), answerFor(request)),
  );

  /** @throws Problem */
  const admit = async (request: IncomingMessage): Promise<{ hub: Hub; credential: Credential }> => {
    if (!isSocketPath(request.url)) throw new Problem('not_found');
    checkOrigin(request, origins);
    const credential = await options.authenticate.token(tokenIn(request));
    const hub = options.hub();
    if (hub === undefined || leaving) throw new Problem('unavailable');
    return { hub, credential };
  };

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy());
    try {
      const { hub, credential } = await admit(request);
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const others = connections.ofUser(credential.caller.userId).length;
        if (others >= limits.socketsPerUser) {
          onEvicted(4429);
          return webSocket.close(4429, 'too many sockets');
        }
        const connection = openSocket({
          ...options,
          hub,
          connections,
          credential,
          webSocket,
          socket,
          onEvicted,
          onResumed,
        });
        // It may have been denied while the token was looked at.
        refuseDenied(connection);
      });
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('internal_error');
      if (!(error instanceof Problem)) log.error({ err: error }, 'an upgrade failed');
      refuseUpgrade(socket, problem, answerFor(request));
    }
  };
  const onEvicted = (code: number): void => evicted.inc({ code });
  const onResumed = (recovered: boolean): void => resumes.inc({ recovered: String(recovered) });

  const refuseDenied = (connection: LiveSocket): void => {
    const { caller, issuedAt } = connection.credential;
    const claims = { sub: caller.userId, sid: caller.sessionId, iat: issuedAt.getTime() / 1_000, roles: caller.roles };
    if (denyList.refuses(claims)) connection.close(4403, 'revoked');
  };
  const hearing = denyList.onDeny((denial: Denial) => {
    const concerned =
      denial.kind === 'session' ? connections.ofSession(denial.sessionId) : connections.ofUser(denial.userId);
    concerned.forEach(refuseDenied);
  });

  const pingAll = (): void => {
    for (const connection of connections.all()) connection.ping(MISSES);
    pinging = timers.after(limits.pingMs, pingAll);
  };
  let pinging = timers.after(limits.pingMs, pingAll);

  const sendAway = async (): Promise<void> => {
    if (leaving) return;
    leaving = true;
    const all = connections.all();
    const step = Math.max(1, Math.ceil(all.length / STEPS));
    for (let at = 0; at < all.length; at += step) {
      for (const connection of all.slice(at, at + step)) {
        const comeBackMs = Math.round(options.randomness.next() * COME_BACK_MS);
        connection.flush();
        connection.close(1012, `restarting; come back in ${comeBackMs} ms`);
      }
      if (at + step < all.length) await timers.sleep(limits.spreadMs / STEPS);
    }
    const untilMs = clock.monotonicMs() + LAST_WORDS_MS;
    while (all.some((connection) => !connection.ended()) && clock.monotonicMs() < untilMs) await timers.sleep(5);
    for (const connection of all) connection.terminate();
  };

  return {
    attach({ server }) {
      server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
    },
    get size() {
      return connections.size;
    },
    sendAway,
    async [Symbol.asyncDispose]() {
      await sendAway();
      hearing[Symbol.dispose]();
      pinging[Symbol.dispose]();
    },
  };
}
