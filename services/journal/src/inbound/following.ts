import { isOperator, ping, Problem, type Authenticator } from '@g-store/http';
import type { Timers } from '@g-store/runtime';
import type { IncomingHttpHeaders } from 'node:http';

export interface Following {
  readonly authenticate: Authenticator;
  readonly timers: Timers;
}

const LOOK_EVERY_MS = 250;
const LOOKS_UNTIL_PING = 60;
const MOST_FOLLOWERS = 100;

/**
 * Followers ask the database again and again, each for itself: so it makes no difference which of several journals heard
 * an event and which one somebody follows.
 */
export function createFollowing({ authenticate, timers }: Following) {
  let followers = 0;

  /** Every answer of `look`, for as long as the caller listens and may; at most so many at once. @throws Problem unavailable */
  return function follow(
    { headers, gone }: { readonly headers: IncomingHttpHeaders; readonly gone: () => AbortSignal },
    look: () => Promise<readonly string[]>,
  ): AsyncIterable<string> {
    if (followers >= MOST_FOLLOWERS) throw new Problem('unavailable', 'too many follow already');
    const ended = gone();
    return frames();

    async function* frames(): AsyncGenerator<string> {
      followers += 1;
      try {
        for (let quiet = 0; !ended.aborted && (await mayStill(headers));) {
          const news = await look();
          yield* news;
          quiet = news.length > 0 ? 0 : quiet + 1;
          if (quiet % LOOKS_UNTIL_PING === LOOKS_UNTIL_PING - 1) yield ping;
          if (news.length === 0) await timers.sleep(LOOK_EVERY_MS, ended).catch(() => undefined);
        }
      } finally {
        followers -= 1;
      }
    }
  };

  /** A token runs out, a role is taken away, a session is signed out: that ends what it has opened. */
  async function mayStill(headers: IncomingHttpHeaders): Promise<boolean> {
    try {
      const caller = await authenticate(headers);
      return caller !== undefined && isOperator(caller);
    } catch {
      return false;
    }
  }
}

export type Follow = ReturnType<typeof createFollowing>;
