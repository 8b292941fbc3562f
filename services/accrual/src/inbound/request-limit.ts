import type { Clock } from '@g-store/runtime';

/** True while a client has requests left in its minute, which begins with its first request. */
export type RequestLimit = (client: string) => boolean;

const MINUTE_MS = 60_000;

/** Clients that have gone quiet are forgotten. */
export function createRequestLimit(perMinute: number, clock: Pick<Clock, 'monotonicMs'>): RequestLimit {
  const minutes = new Map<string, { readonly endsMs: number; left: number }>();
  return (client) => {
    const nowMs = clock.monotonicMs();
    const current = minutes.get(client);
    if (current !== undefined && nowMs < current.endsMs) return (current.left -= 1) >= 0;
    forgetQuiet(minutes, nowMs);
    minutes.delete(client); // to the end: the minute that ends first stays first
    minutes.set(client, { endsMs: nowMs + MINUTE_MS, left: perMinute - 1 });
    return perMinute > 0;
  };
}

function forgetQuiet(minutes: Map<string, { readonly endsMs: number }>, nowMs: number): void {
  for (const [client, { endsMs }] of minutes) {
    if (nowMs < endsMs) return;
    minutes.delete(client);
  }
}
