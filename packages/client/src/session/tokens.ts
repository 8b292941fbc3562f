import type { Time } from '../ports.js';

/** An access token, and for how long it is still good by the one clock that can be believed. */
export interface AccessToken {
  readonly value: string;
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
  leftMs: () => askedMs + expiresIn * 1_000 - time.monotonicMs(),
});

/** Whose it is and what they may, as the token says: read to notice a change, never to decide anything. */
export function bearerOf({ value }: AccessToken): string {
  try {
    const payload = (value.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { sub, roles } = JSON.parse(atob(payload)) as { readonly sub?: unknown; readonly roles?: unknown };
    return JSON.stringify([sub, roles]);
  } catch {
    return value;
  }
}
