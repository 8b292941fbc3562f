import { Problem } from '@g-store/http';
import type { Authenticate } from '@g-store/http';

/**
 * A bearer token, or the cookie `jwt` that sign-in has set. A browser sends the cookie whatever page asks it to: one of a
 * foreign origin gets nothing for it.
 */
export const withCookie =
  (authenticate: Authenticate, origins: readonly string[]): Authenticate =>
  (headers) => {
    if (headers.authorization !== undefined || headers['x-staff-api-key'] !== undefined) return authenticate(headers);
    const token = /(?:^|;)\s*jwt=([^;\s]*)/.exec(headers.cookie ?? '')?.[1];
    if (!token) return Promise.resolve(undefined);
    const { origin, host } = headers;
    if (origin !== undefined && !origins.includes(origin) && hostOf(origin) !== host)
      return Promise.reject(new Problem('forbidden', 'a page of another origin may not act with this cookie'));
    return authenticate({ authorization: `Bearer ${token}` });
  };

const hostOf = (origin: string): string | undefined => URL.parse(origin)?.host;
