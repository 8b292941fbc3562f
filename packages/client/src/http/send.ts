import type { Ports, Time } from '../ports.js';
import { isProblem, problemIn, ShopProblem, ShopUnreachable } from './problem.js';

/** Sends a request until there is an answer to it that counts. @throws ShopProblem, ShopUnreachable, or the signal's reason */
export type Send = (request: Request, how: SendOptions) => Promise<Response>;

export interface SendOptions {
  /** Doing it twice is doing it once: by its method, or by its Idempotency-Key. */
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What goes along to say who asks. */
export interface Authorization {
  headers(): Promise<Readonly<Record<string, string>>>;
  /** These headers were refused. @returns whether there are others to try, for the same person */
  renew(refused: Readonly<Record<string, string>>): Promise<boolean>;
}

export interface SendRules {
  readonly attempts: number;
  /** No attempt begins later than this after the first. */
  readonly patienceMs: number;
  readonly attemptMs: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

export const sendRules: SendRules = {
  attempts: 5,
  patienceMs: 15_000,
  attemptMs: 20_000,
  firstWaitMs: 250,
  longestWaitMs: 4_000,
};

export interface SendParts extends Pick<Ports, 'fetch' | 'time' | 'random'> {
  readonly authorization?: Authorization;
  readonly credentials?: RequestCredentials;
  readonly rules?: SendRules;
}

type Failure = ShopProblem | ShopUnreachable;

export function createSend(parts: SendParts): Send {
  const { time, random, authorization, rules = sendRules } = parts;

  const waitBefore = (failure: Failure, attempt: number): number => {
    const jitter = random() * Math.min(rules.longestWaitMs, rules.firstWaitMs * 2 ** (attempt - 1));
    const asked = failure instanceof ShopProblem ? (failure.retryAfter ?? 0) * 1_000 : 0;
    return asked + jitter;
  };

  return async (request, { repeatable, signal }) => {
    const body = request.body === null ? null : await request.text();
    const startedMs = time.monotonicMs();
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const credentials = (await authorization?.headers()) ?? {};
      signal?.throwIfAborted();
      const outcome = await attemptOf(parts, rules, request, body, credentials, signal);
      if (outcome instanceof Response) return outcome;
      if (isProblem(outcome, 'unauthenticated') && authorization !== undefined && !renewed) {
        renewed = true;
        if (!(await authorization.renew(credentials))) throw outcome;
        attempt -= 1;
        continue;
      }
      const waitMs = waitBefore(outcome, attempt);
      const inTime = time.monotonicMs() - startedMs + waitMs <= rules.patienceMs;
      if (!repeatable || !isPassing(outcome) || attempt >= rules.attempts || !inTime) throw outcome;
      await sleep(time, waitMs, signal);
    }
  };
}

/** Its body included: an answer that breaks off in the middle is none. */
async function attemptOf(
  { fetch, time, credentials = 'omit' }: SendParts,
  { attemptMs }: SendRules,
  { url, method, headers }: Request,
  body: string | null,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response | Failure> {
  const late = new AbortController();
  const cancelLimit = time.after(attemptMs, () => late.abort(new Error(`no answer within ${attemptMs} ms`)));
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(authorization)) all.set(name, value);
  const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    const response = await fetch(new Request(url, { method, headers: all, body, credentials, signal: either }));
    const text = await response.text();
    const { status } = response;
    if (status === 304 || status === 204) return new Response(null, { status, headers: response.headers });
    const whole = new Response(text, { status, headers: response.headers });
    return response.ok ? whole : await problemIn(whole);
  } catch (cause) {
    signal?.throwIfAborted();
    return new ShopUnreachable('the shop does not answer', { cause: late.signal.aborted ? late.signal.reason : cause });
  } finally {
    cancelLimit();
  }
}

/** What a moment later may be different, without anybody doing anything about it. */
const isPassing = (failure: Failure): boolean =>
  failure instanceof ShopUnreachable ||
  failure.code === 'idempotency_key_in_use' ||
  [429, 502, 503, 504].includes(failure.status);

/** @throws the signal's reason */
function sleep(time: Time, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = time.after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
