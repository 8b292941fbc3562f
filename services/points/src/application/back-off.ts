import type { Randomness } from '@g-store/runtime';

interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** An order in hand is decided within a second; one that is unknown may be registered at any time; a system that fails needs air. */
export const backOffs = {
  processing: { firstMs: 250, longestMs: 30_000 },
  unknown: { firstMs: 500, longestMs: 60_000 },
  failed: { firstMs: 1_000, longestMs: 120_000 },
} as const satisfies Record<string, BackOff>;

/** Twice as long each time, up to the longest; between half of that and all of it, so that those who fail together do not come back together. */
export function delayMs({ firstMs, longestMs }: BackOff, attempts: number, randomness: Randomness): number {
  const most = Math.min(firstMs * 2 ** Math.min(attempts, 30), longestMs);
  return Math.ceil(most * (0.5 + randomness.next() / 2));
}
