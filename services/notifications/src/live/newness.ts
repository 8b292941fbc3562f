export interface Newness {
  /** Whether this version of a key was not seen before; notes it if so. */
  isNews(
    slot: number,
    event: { readonly key: string; readonly version: number; readonly occurredAtMs: number },
  ): boolean;
  readonly size: number;
}

export interface NewnessOptions {
  /** What is older than this and of a key not seen lately is a repeat of long ago. */
  readonly windowMs: number;
  readonly nowMs: () => number;
  /** Keys remembered at most. */
  readonly most?: number;
}

interface Seen {
  readonly version: number;
  readonly atMs: number;
}

/** A relay may be late by this much before its news count as old. */
const LATE_MS = 60_000;
const WINDOWS_REMEMBERED = 6;

/**
 * Tells news from repeats: a feed has no inbox, and without this a republish would reach every socket as news. The version
 * decides for a key that was seen lately, however late the event comes; for another key its age does.
 */
export function createNewness({ windowMs, nowMs, most = 200_000 }: NewnessOptions): Newness {
  const seenBySlot = new Map<number, Map<string, Seen>>();
  let size = 0;

  const forgetOldest = (seen: Map<string, Seen>, beforeMs: number): void => {
    for (const [key, { atMs }] of seen) {
      if (atMs >= beforeMs && size <= most) return;
      seen.delete(key);
      size -= 1;
    }
  };

  return {
    isNews(slot, { key, version, occurredAtMs }) {
      const now = nowMs();
      const seen = seenBySlot.get(slot) ?? new Map<string, Seen>();
      seenBySlot.set(slot, seen);
      const last = seen.get(key);
      const news =
        last === undefined || version === 0 ? occurredAtMs >= now - windowMs - LATE_MS : version > last.version;
      if (!news || version === 0) return news;
      if (last === undefined) size += 1;
      else seen.delete(key); // to the end: the oldest stays first
      seen.set(key, { version, atMs: now });
      forgetOldest(seen, now - WINDOWS_REMEMBERED * windowMs);
      return true;
    },
    get size() {
      return size;
    },
  };
}
