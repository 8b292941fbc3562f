import { Problem, type Headers } from '@g-store/http';
import type { IncomingHttpHeaders } from 'node:http';

const name = 'gstore_refresh';
const attributes = 'HttpOnly; SameSite=Strict; Path=/api/identity/v1/sessions';

/** The refresh token that a browser brings. */
export function refreshCookie({ cookie = '' }: IncomingHttpHeaders): string | undefined {
  const pairs = cookie.split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === '' ? undefined : value;
}

export function setRefreshCookie(token: string, { secure, maxAge }: { secure: boolean; maxAge: number }): Headers {
  return { 'set-cookie': `${name}=${token}; ${attributes}; Max-Age=${maxAge}${secure ? '; Secure' : ''}` };
}

export const clearRefreshCookie = ({ secure }: { secure: boolean }): Headers =>
  setRefreshCookie('', { secure, maxAge: 0 });

/** A cookie goes along by itself, so the page that asks must be one of ours. @throws Problem forbidden */
export function requireOwnOrigin({ origin }: IncomingHttpHeaders, origins: readonly string[]): void {
  if (origin === undefined || !origins.includes(origin)) {
    throw new Problem('forbidden', 'the refresh cookie is for pages of an allowed origin');
  }
}
