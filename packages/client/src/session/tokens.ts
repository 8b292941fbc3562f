import type { Time } from '../ports.js';

/** An access token, and for how long it is still good by the one clock that can be believed. */
export interface AccessToken {
  readonly value: string;
  readonly lifeMs: number;
  leftMs(): number;
}

export interface Granted {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** `askedMs`: when it was asked for, which is before it was made. */
export const accessTokenOf = ({ accessToken, expiresIn }: Granted, askedMs: number, time: Time): AccessToken => ({
  value: accessToken,
  lifeMs: expiresIn * 1_000,
  leftMs: () => askedMs + expiresIn * 1_000 - time.monotonicMs(),
});

/** With less than this left a request may find it expired on its way. */
export const leastLeftMs = ({ lifeMs }: AccessToken): number => Math.min(5_000, lifeMs / 10);

/** With less than this left it is exchanged before anything long begins. */
export const marginMs = ({ lifeMs }: AccessToken): number => Math.min(60_000, lifeMs / 4);

interface Claims {
  readonly sub?: unknown;
  readonly roles?: unknown;
}

/** Read to notice that somebody else has signed in or that roles have changed, never to decide anything. */
function claimsOf({ value }: AccessToken): Claims {
  try {
    const payload = (value.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(payload)) as Claims;
  } catch {
    return {};
  }
}

export const subjectOf = (token: AccessToken): string => String(claimsOf(token).sub);

export const isOfSame = (one: AccessToken, other: AccessToken): boolean =>
  JSON.stringify([claimsOf(one).sub, claimsOf(one).roles]) ===
  JSON.stringify([claimsOf(other).sub, claimsOf(other).roles]);
