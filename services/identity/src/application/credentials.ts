import type { Role } from '../domain/user.js';

/** Slow on purpose, and bounded: when too many wait it refuses with `unavailable`. Never called inside a unit of work. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a hash it does the same work and answers false, so that time tells nothing. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

export interface RefreshTokens {
  /** A new token, which nobody can guess. */
  fresh(): string;
  /** The one token that follows: always the same, and found by nobody without our secret. */
  successorOf(token: string): string;
  hashOf(token: string): string;
}

/** Names under which attempts are counted: neither a login nor an address can be read from them. */
export interface AttemptKeys {
  /** `who` from one address, and `who` from everywhere. */
  of(who: string, address: string): { readonly here: string; readonly everywhere: string };
}

export interface Grant {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  readonly at: Date;
  readonly sessionExpiresAt: Date;
}

/** What a sign-in and a refresh give: the right to an access token, and the token for the next refresh. */
export interface SignedIn extends Grant {
  readonly refreshToken: string;
}

/** The API that a token is for: every other one refuses it. */
export type Audience = 'g-store' | 'gophermart';

export interface AccessTokens {
  /** For g-store, and as long as its tokens live, unless told otherwise. */
  issue(grant: Grant, audience?: Audience): Promise<{ readonly accessToken: string; readonly expiresIn: number }>;
}
