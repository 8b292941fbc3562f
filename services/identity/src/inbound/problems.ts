import { Problem, type Code } from '@g-store/http';
import { IdentityRefused, type IdentityCode } from '../domain/refusal.js';

const codeOf = {
  login_taken: 'login_taken',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  not_found: 'not_found',
  validation_failed: 'validation_failed',
  rate_limited: 'rate_limited',
  unavailable: 'unavailable',
} as const satisfies Record<IdentityCode, Code>;

/** A refusal of this service as a problem; `undefined` for anything else. */
export function refusal(error: unknown): Problem | undefined {
  if (!(error instanceof IdentityRefused)) return undefined;
  const headers = error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) };
  return new Problem(codeOf[error.code], error.message, { headers });
}
