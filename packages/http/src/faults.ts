import type { Log } from '@g-store/runtime';
import { Problem } from './problem.js';

/** Faults of the messaging package, known by name because no package imports another for them. */
const problemByFault: Readonly<Record<string, () => Problem>> = {
  UnitOfWorkBusy: () => new Problem('unavailable', 'too much is going on at the moment', retryAfter(1)),
  DatabaseDown: () => new Problem('unavailable', 'nothing can be saved at the moment', retryAfter(2)),
  KeyReused: () => new Problem('idempotency_key_reused', 'this Idempotency-Key was sent with another request before'),
  KeyInUse: () => new Problem('idempotency_key_in_use', undefined, retryAfter(1)),
};

/** A database that is away for a moment, by the codes of the connection and of PostgreSQL, or by its driver's words. */
const awayCodes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0[1-3]|53300)$/;
const awayWords = /^(Connection terminated|timeout exceeded when trying to connect)/;

const isAway = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && awayCodes.test(String(error.code))) || awayWords.test(error.message));

const retryAfter = (seconds: number) => ({ headers: { 'retry-after': String(seconds) } });

/** Any error as the problem to answer. What nobody expected is logged here, once, and answered without a word about itself. */
export function toProblem(
  error: unknown,
  { refusal, log }: { readonly refusal: (error: unknown) => Problem | undefined; readonly log: Log },
): Problem {
  if (error instanceof Problem) return error;
  const known = refusal(error) ?? (error instanceof Error ? problemByFault[error.name]?.() : undefined);
  if (known) return known;
  if (isAway(error)) {
    log.warn({ err: error }, 'a request found something away');
    return new Problem('unavailable', 'nothing can be read at the moment', retryAfter(2));
  }
  log.error({ err: error }, 'unexpected error in a request');
  return new Problem('internal_error', 'something went wrong on our side; it has been noted');
}
