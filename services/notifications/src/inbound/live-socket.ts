import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { isStaff, Problem, type Authenticator, type Session as Credential, type UserCaller } from '@g-store/http';
import type { Clock, Log, Timers } from '@g-store/runtime';
import type { Hub } from '../live/hub.js';
import type { Member, Target } from '../live/session.js';
import type { Connection, Connections } from './connections.js';
import { createMessageRate } from './message-rate.js';
import { readMessage, type ClientMessage } from './socket-messages.js';

export interface LiveSocket extends Connection {
  /** Asks whether the other side is still there; gives it up after so many times without an answer. */
  ping(misses: number): void;
  flush(): void;
  terminate(): void;
  ended(): boolean;
}

export interface LiveSocketOptions {
  readonly hub: Hub;
  readonly connections: Connections<LiveSocket>;
  readonly credential: Credential;
  readonly webSocket: WebSocket;
  /** What the websocket runs on: whole frames of news are written to it as they are. */
  readonly socket: Duplex;
  readonly authenticate: Pick<Authenticator, 'token'>;
  readonly limits: { readonly subscriptions: number; readonly messagesPerSecond: number };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** It was put out. */
  readonly onEvicted: (code: number) => void;
  /** It came with a position; `recovered`: and is told what it missed. */
  readonly onResumed: (recovered: boolean) => void;
}

const memberOf = (caller: UserCaller): Member => ({ userId: caller.userId, staff: isStaff(caller) });

/** One open socket, from its upgrade to its end. */
export function openSocket(options: LiveSocketOptions): LiveSocket {
  const { hub, connections, webSocket, socket, limits, clock, timers, log } = options;
  const rate = createMessageRate(limits.messagesPerSecond, () => clock.monotonicMs());
  let unanswered = 0;
  let closing = false;
  let expiry: Disposable | undefined;
  let work: Promise<void> = Promise.resolve();

  const seat = hub.join(memberOf(options.credential.caller), {
    buffered: () => socket.writableLength,
    // What `ws` sends of its own goes out in whole frames too, so the two never mix within one.
    write: (bytes) => {
      if (webSocket.readyState === webSocket.OPEN) socket.write(bytes);
    },
    close: (code, reason) => close(code, reason),
  });
  const { session } = seat;

  const leave = (): void => {
    closing = true;
    expiry?.[Symbol.dispose]();
    seat.leave();
    connections.remove(connection);
  };
  const close = (code: number, reason: string): void => {
    if (closing) return;
    leave();
    options.onEvicted(code);
    webSocket.close(code, reason);
  };
  const expireWithToken = (): void => {
    expiry?.[Symbol.dispose]();
    const leftMs = connection.credential.expiresAt.getTime() - clock.now().getTime();
    expiry = timers.after(leftMs, () => close(4401, 'token expired'));
  };

  const authenticate = async (token: string): Promise<void> => {
    const credential = await options.authenticate.token(token).catch((error: unknown) => {
      if (error instanceof Problem) return undefined;
      throw error;
    });
    if (closing) return;
    if (credential === undefined) return session.refuse('unauthenticated', 'this token is not good');
    if (credential.caller.userId !== session.member.userId)
      return session.refuse('forbidden', 'this token is of somebody else');
    connections.renew(connection, credential);
    session.become(memberOf(credential.caller));
    expireWithToken();
    session.say('authenticated', { expiresAt: credential.expiresAt.toISOString() });
  };
  const subscribe = (target: Target, after: string | undefined): void => {
    if ('scope' in target && target.scope === 'all' && !session.member.staff)
      return session.refuse('forbidden', 'only staff may watch everybody');
    if (session.subscriptions >= limits.subscriptions && !session.watches(target))
      return close(4429, 'too many subscriptions');
    const recovered = session.subscribe(target, after);
    if (after !== undefined) options.onResumed(recovered);
  };
  const handle = (message: ClientMessage): Promise<void> | void => {
    switch (message.type) {
      case 'subscribe':
        return subscribe(message.target, message.after);
      case 'unsubscribe':
        return session.unsubscribe(message.target);
      case 'authenticate':
        return authenticate(message.token);
      case 'ping':
        return session.say('pong');
    }
  };
  const broke = (error: unknown): void => {
    log.error({ err: error }, 'a message of a socket could not be handled');
    close(1011, 'something went wrong on our side');
  };

  const within = (): boolean => {
    if (closing) return false;
    if (rate.take()) return true;
    close(4429, 'too many messages');
    return false;
  };
  webSocket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!within()) return;
    if (isBinary) return close(1003, 'text only');
    const message = readMessage(data.toString('utf8'));
    if (message === undefined) return session.refuse('validation_failed', 'this is no message that is known here');
    // One after the other: what follows a new token is asked with it.
    work = work.then(() => (closing ? undefined : handle(message))).catch(broke);
  });
  webSocket.on('ping', within);
  webSocket.on('pong', () => {
    unanswered = 0;
    within();
  });
  webSocket.on('error', (error) => log.debug({ err: error }, 'a socket broke its protocol'));
  webSocket.on('close', leave);
  socket.on('drain', () => {
    if (!closing) seat.flush();
  });

  const connection: LiveSocket = {
    credential: options.credential,
    close,
    ping(misses) {
      if (unanswered >= misses) return webSocket.terminate();
      unanswered += 1;
      webSocket.ping();
    },
    flush: () => seat.flush(),
    terminate: () => webSocket.terminate(),
    ended: () => webSocket.readyState === webSocket.CLOSED,
  };
  connections.add(connection);
  expireWithToken();
  return connection;
}
