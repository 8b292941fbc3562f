import type { Cancel, Time } from '../ports.js';

/** The shop closes a socket that says more than 20 messages a second. */
const PER_SECOND = 15;
const AT_ONCE = 20;

export interface Pace<T> {
  /** In the order of their saying, but what is `urgent` before what still waits. */
  say(message: T, options?: { readonly urgent?: boolean }): void;
  stop(): void;
}

/** Lets messages through no faster than the shop takes them. */
export function createPace<T>(send: (message: T) => void, time: Time): Pace<T> {
  const waiting: T[] = [];
  let allowed = AT_ONCE;
  let atMs = time.monotonicMs();
  let next: Cancel | undefined;

  const flush = (): void => {
    next = undefined;
    const nowMs = time.monotonicMs();
    allowed = Math.min(AT_ONCE, allowed + ((nowMs - atMs) / 1_000) * PER_SECOND);
    atMs = nowMs;
    for (; allowed >= 1; allowed -= 1) {
      const message = waiting.shift();
      if (message === undefined) return;
      send(message);
    }
    if (waiting.length > 0) next = time.after(Math.ceil(((1 - allowed) / PER_SECOND) * 1_000), flush);
  };

  return {
    say(message, { urgent = false } = {}) {
      if (urgent) waiting.unshift(message);
      else waiting.push(message);
      if (next === undefined) flush();
    },
    stop() {
      next?.();
      waiting.length = 0;
    },
  };
}
