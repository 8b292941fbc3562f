import type { Authorization } from '../http/send.js';
import { isProblem, problemIn, type ShopProblem } from '../http/problem.js';
import { createGuard } from '../listeners.js';
import { comebackAfter } from '../live/comeback.js';
import type { Cancel, Ports } from '../ports.js';
import { createServerEventReader, type ServerEvent } from './server-events.js';

export type FollowState = 'connecting' | 'live' | 'reconnecting';

export interface Follower {
  heard(message: ServerEvent): void;
  became?(state: FollowState): void;
  /** The shop will not tell of this; it is not asked again. */
  refused?(problem: ShopProblem): void;
}

/**
 * Hears a `text/event-stream` of the shop until the returned function is called: `/api/journal/v1/events?follow=true`.
 * By `fetch`, since an `EventSource` can show no token. After a break it goes on behind the last message that had an id.
 */
export type Follow = (path: string, follower: Follower) => Cancel;

export interface FollowParts {
  readonly baseUrl: string;
  readonly authorization: Authorization;
  readonly ports: Ports;
}

/** A comment comes at least every 15 s. */
const SILENT_MS = 40_000;

export function createFollow({ baseUrl, authorization, ports }: FollowParts): Follow {
  const guard = createGuard(ports);
  return (path, follower) => {
    const stop = new AbortController();
    const url = `${baseUrl}${path}`;
    let lastId: string | undefined;
    let failures = 0;
    let refusedBefore = false;

    const became = (state: FollowState): void => guard(() => follower.became?.(state));
    const heard = (message: ServerEvent): void => {
      lastId = message.id ?? lastId;
      guard(() => follower.heard(message));
    };

    /** One connection, to its end. @throws ShopProblem, or whatever broke it */
    const listen = async (): Promise<void> => {
      const credentials = await authorization.headers();
      const headers = { accept: 'text/event-stream', ...credentials, ...(lastId && { 'last-event-id': lastId }) };
      const silence = watchSilence(ports, stop.signal);
      try {
        const response = await ports.fetch(new Request(url, { headers, credentials: 'omit', signal: silence.signal }));
        if (response.status === 401 && !refusedBefore && (await authorization.renew(credentials))) {
          refusedBefore = true;
          return await listen();
        }
        if (!response.ok || response.body === null) throw await problemIn(response);
        [failures, refusedBefore] = [0, false];
        became('live');
        const read = createServerEventReader();
        const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
          silence.broken();
          for (const message of read(piece.value)) heard(message);
        }
      } finally {
        silence.stop();
      }
    };

    const keepListening = async (): Promise<void> => {
      became('connecting');
      while (!stop.signal.aborted) {
        const end = await listen().catch((error: unknown) => error);
        if (stop.signal.aborted) return;
        if (isProblem(end) && isFinal(end)) return guard(() => follower.refused?.(end));
        became('reconnecting');
        const { waitMs } = comebackAfter({ why: 'closed', code: 1006, reason: '' }, failures, ports.random);
        failures += 1;
        await waitOrBack(ports, waitMs, stop.signal);
      }
    };

    void keepListening();
    return () => stop.abort();
  };
}

/** Nothing that a moment later would be different. */
const isFinal = ({ status }: ShopProblem): boolean => status < 500 && status !== 429;

/** Aborts what says nothing for too long: a connection that broke on its way may look open for ever. */
function watchSilence({ time }: Ports, stopped: AbortSignal) {
  const silent = new AbortController();
  const begin = (): Cancel => time.after(SILENT_MS, () => silent.abort(new Error('no sign of life')));
  let cancel = begin();
  return {
    signal: AbortSignal.any([silent.signal, stopped]),
    broken() {
      cancel();
      cancel = begin();
    },
    stop: () => cancel(),
  };
}

/** At once when the network is back, or the page is looked at again. */
function waitOrBack({ time, network }: Ports, ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancelTimer();
      cancelBack();
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const cancelTimer = time.after(ms, done);
    const cancelBack = network.onBack(done);
    stopped.addEventListener('abort', done, { once: true });
  });
}
