import type { Announced } from '@g-store/messaging';
import type { RefreshToken } from '../domain/refresh-token.js';
import type { Attempts } from '../domain/sign-in-attempts.js';
import type { SigningKey } from '../domain/signing-keys.js';
import type { Decision, User } from '../domain/user.js';

/** One unit of work: what a use case may look at, and where it leaves what it decided. */
export interface Work {
  readonly now: Date;
  newId(): string;
  user(id: string): Promise<User | undefined>;
  userByLogin(foldedLogin: string): Promise<User | undefined>;
  /** Adds a user of whom nothing has been told. */
  add(user: User): void;
  /** Records what a user became together with each of its events. */
  record(decision: Decision): void;
  refreshToken(hash: string): Promise<RefreshToken | undefined>;
  issue(token: RefreshToken): void;
  rotate(token: RefreshToken): void;
  attempts(key: string): Promise<Attempts | undefined>;
  keepAttempts(key: string, attempts: Attempts): void;
  /** Writes down what an operator did, in the same transaction as the deed. */
  witness(act: Act): void;
  signingKey(ordinal: number): Promise<SigningKey | undefined>;
  addSigningKey(key: SigningKey): void;
}

export type Action = 'grant_role' | 'take_role' | 'block' | 'unblock';

export interface Act {
  readonly actor: string;
  readonly action: Action;
  readonly userId: string;
  readonly detail?: string;
}

/** Says beforehand what a command will look at, so that a whole batch of commands reads and locks it in one go. */
export type Announcement = Announced;

export interface Announcements {
  user(id: string): Announcement;
  userByLogin(foldedLogin: string): Announcement;
  refreshToken(hash: string): Announcement;
  attempts(key: string): Announcement;
}

/**
 * Runs a unit of work and answers after its commit; a refusal inside has recorded nothing and rejects.
 * `run` awaits nothing but the work, and may run several times.
 */
export type Transact = <T>(announced: readonly Announcement[], run: (work: Work) => Promise<T>) => Promise<T>;
