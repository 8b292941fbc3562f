import type { operations } from '../generated/identity.js';
import type { DataOf } from '../http/calls.js';

export type User = DataOf<operations['getV1UsersMe']>;

export type SessionState =
  /** A page that has just been opened: `restore` finds out. */
  | { readonly status: 'unknown' }
  /** `ended`: not by this tab's own sign-out, but because the session ran out or was ended elsewhere. */
  | { readonly status: 'signed-out'; readonly ended: boolean }
  | { readonly status: 'signed-in'; readonly user: User };

/** Who is signed in. The access token is in memory alone, renewed unasked before it runs out. */
export interface Session {
  /** The same object until something changes. */
  readonly state: SessionState;
  onChange(listener: () => void): () => void;
  /** Takes up the session that this browser's cookie stands for, if there is one. @throws ShopUnreachable */
  restore(): Promise<SessionState>;
  /** @throws ShopProblem unauthenticated, rate_limited */
  signIn(credentials: Credentials): Promise<User>;
  /** Makes the account and signs in. @throws ShopProblem login_taken, validation_failed with the fields */
  register(person: Credentials & { readonly name?: string }): Promise<User>;
  /** Here: in every tab of this browser. Signed out in any case, even when the shop cannot be told. */
  signOut(): Promise<void>;
  /** On every device. @throws ShopUnreachable, and then nothing has happened */
  signOutEverywhere(): Promise<void>;
}

export interface Credentials {
  readonly login: string;
  readonly password: string;
}
