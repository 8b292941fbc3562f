import type { Role, Session } from '../domain/user.js';
import type { SigningKey } from '../domain/signing-keys.js';

export interface Credentials {
  readonly userId: string;
  readonly passwordHash: string;
}

/** What may be shown of a user; login and name are gone once erased. */
export interface Profile {
  readonly id: string;
  readonly login?: string;
  readonly name?: string;
  readonly roles: readonly Role[];
  readonly blocked: boolean;
  readonly sessions: readonly Session[];
  readonly createdAt: Date;
}

export interface PeopleQuery {
  /** Part of a login or name, or a whole id. */
  readonly q?: string;
  /** The id after which to go on. */
  readonly after?: string;
  readonly limit: number;
}

/** What is looked at outside a unit of work. Whoever then changes something looks again inside. */
export interface Reader {
  credentials(foldedLogin: string): Promise<Credentials | undefined>;
  credentialsOf(userId: string): Promise<Credentials | undefined>;
  /** Whose session a refresh token belongs to; that never changes. */
  holderOf(tokenHash: string): Promise<{ readonly userId: string; readonly sessionId: string } | undefined>;
  profile(userId: string): Promise<Profile | undefined>;
  /** Newest first, without the erased; one more than `limit` when there are more. */
  people(query: PeopleQuery): Promise<readonly Profile[]>;
  hasDemoPeople(): Promise<boolean>;
  signingKeys(): Promise<readonly SigningKey[]>;
}
