import type { End } from './connection.js';

/** When to try again, and whether the token is to blame. */
export interface Comeback {
  readonly waitMs: number;
  readonly tokenRefused: boolean;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Full jitter: a crowd that was sent away together does not come back together. `failures`: attempts in a row that came to nothing. */
export function comebackAfter({ code, reason, why }: End, failures: number, random: () => number): Comeback {
  const backOffMs = random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  switch (code) {
    // Expired, or taken back: with another token at once, if there is one.
    case 4401:
    case 4403:
      return { waitMs: failures === 0 ? 0 : backOffMs, tokenRefused: true };
    // A new version is being put in place, which takes a moment; the shop spreads its guests over time.
    case 1012:
      return { waitMs: announcedMs(reason) ?? backOffMs, tokenRefused: false };
    // Too many sockets, or too much said: sooner would be too many again.
    case 4429:
      return { waitMs: 5_000 + random() * (LONGEST_MS - 5_000), tokenRefused: false };
    // 4408 too slow, 1009 a frame too large, 1006 cut: all the same from here.
    default:
      // Why an upgrade was refused is kept from pages: it may have been the token.
      return { waitMs: backOffMs, tokenRefused: why === 'refused' && failures === 2 };
  }
}

function announcedMs(reason: string): number | undefined {
  const ms = Number(/(\d{1,6}) ms/.exec(reason)?.[1]);
  return Number.isNaN(ms) ? undefined : Math.min(ms, LONGEST_MS);
}
