import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an accrual system has seen of whoever asks it. */
export interface Seen {
  readonly asked: number;
  /** Answered with 429. */
  readonly refused: number;
  /** Asked although a Retry-After was not over; those that were under way when it was said do not count. */
  readonly tooEarly: number;
  /** Questions in the minute that had the most of them. */
  readonly mostInAMinute: number;
}

export interface AccrualSystem extends AsyncDisposable {
  readonly url: string;
  seen(): Seen;
}

const MINUTE_MS = 60_000;
const UNDER_WAY_MS = 1_000;

/** Answers each question after `answerMs`, so many in a minute that begins with the first of them; the rest is told to wait. */
export async function startAccrualSystem({
  answerMs,
  perMinute,
}: {
  readonly answerMs: number;
  readonly perMinute: number;
}): Promise<AccrualSystem> {
  const at: number[] = [];
  let [refused, tooEarly, refusedAt] = [0, 0, -Infinity];
  let minute = { from: -Infinity, count: 0 };
  const server = createServer((request, response) => {
    const now = performance.now();
    at.push(now);
    if (now > refusedAt + UNDER_WAY_MS && now < refusedAt + MINUTE_MS) tooEarly += 1;
    if (now >= minute.from + MINUTE_MS) minute = { from: now, count: 0 };
    minute.count += 1;
    const order = request.url?.split('/').at(-1) ?? '';
    const allowed = minute.count <= perMinute;
    if (!allowed) {
      refused += 1;
      if (now >= refusedAt + MINUTE_MS) refusedAt = now;
    }
    setTimeout(() => {
      if (!allowed)
        return response
          .writeHead(429, { 'content-type': 'text/plain', 'retry-after': '60' })
          .end(`No more than ${perMinute} requests per minute allowed`);
      return response.writeHead(200, { 'content-type': 'application/json' }).end(answerAbout(order));
    }, answerMs);
  });
  server.keepAliveTimeout = 2 * MINUTE_MS;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => ({ asked: at.length, refused, tooEarly, mostInAMinute: mostWithin(at, MINUTE_MS) }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** In points: what an order is worth; one in a hundred is invalid. */
export const ACCRUAL = 5;
export const isInvalid = (order: string): boolean => order.endsWith('00');

const answerAbout = (order: string): string =>
  isInvalid(order)
    ? `{"order":"${order}","status":"INVALID"}`
    : `{"order":"${order}","status":"PROCESSED","accrual":${ACCRUAL}}`;

/** How many of these instants, which are in order, lie within one span at most. */
export function mostWithin(at: readonly number[], span: number): number {
  let [first, most] = [0, 0];
  at.forEach((now, i) => {
    while (now - (at[first] ?? now) >= span) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}
