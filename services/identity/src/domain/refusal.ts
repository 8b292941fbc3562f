export type IdentityCode =
  'login_taken' | 'unauthenticated' | 'forbidden' | 'not_found' | 'validation_failed' | 'rate_limited' | 'unavailable';

/** What identity says no to, in the words that the caller reads. */
export class IdentityRefused extends Error {
  override readonly name = 'IdentityRefused';
  constructor(
    readonly code: IdentityCode,
    message: string,
    /** Whole seconds after which asking again makes sense. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}
