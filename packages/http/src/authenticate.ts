import type { Clock, Health, Log, Timers } from '@g-store/runtime';
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, MachineCaller, UserCaller } from './caller.js';
import type { DenyList } from './deny-list.js';
import { Problem } from './problem.js';
import { createSigningKeys, type JsonWebKeySet } from './signing-keys.js';
import { noStaffKeys, type StaffKeys } from './staff-keys.js';
import { verifyToken, type Claims } from './tokens.js';

/** Who sends these headers; undefined without a credential. @throws Problem when a credential is bad */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Caller | undefined>;

/** A token that was found good, and until when. */
export interface Session {
  readonly caller: UserCaller;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export interface Authenticator extends Authenticate, Disposable {
  /** Checks an access token that came another way than by header: a socket's. @throws Problem */
  readonly token: (token: string) => Promise<Session>;
  /** False until the first keys were fetched. */
  readonly ready: () => boolean;
}

export interface AuthenticateOptions {
  /** The JWKS address, or, for the service that makes the keys, a function that reads the public ones. */
  readonly keys: { readonly url: URL } | { readonly local: () => Promise<JsonWebKeySet> };
  /** `g-store` by default, as the audience is. */
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  /** Longest life of a token that is accepted, from `iat` to `exp`; 10 minutes by default. */
  readonly longestLifeMs?: number;
  readonly denyList: DenyList;
  readonly staffKeys?: StaffKeys;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly health?: Health;
}

/** Checks credentials: bearer tokens against the keys and the deny list, staff API keys against their digests. */
export function createAuthenticate(options: AuthenticateOptions): Authenticator {
  const {
    denyList,
    clock,
    staffKeys = noStaffKeys,
    issuer = 'g-store',
    audiences = ['g-store'],
    longestLifeMs = 600_000,
  } = options;
  const keys = createSigningKeys({ ...options, source: options.keys });
  const verified = createVerifiedTokens();

  const verify = async (token: string, digest: string): Promise<Claims> => {
    if (!keys.ready()) throw new Problem('unavailable', 'sign-in cannot be checked yet');
    const claims = await verifyToken(token, { keys, clock, issuer, audiences, longestLifeMs });
    if (!claims) throw badToken();
    verified.keep(digest, claims);
    return claims;
  };
  const session = async (token: string): Promise<Session> => {
    const digest = hash('sha256', token, 'base64');
    const known = verified.find(digest);
    const claims = known && known.exp * 1000 > clock.now().getTime() ? known : await verify(token, digest);
    if (denyList.refuses(claims)) throw badToken();
    return {
      caller: { kind: 'user', userId: claims.sub, sessionId: claims.sid, roles: claims.roles },
      issuedAt: new Date(claims.iat * 1000),
      expiresAt: new Date(claims.exp * 1000),
    };
  };
  const authenticate = async (headers: IncomingHttpHeaders): Promise<Caller | undefined> => {
    const { authorization, 'x-staff-api-key': staffKey } = headers;
    if (staffKey !== undefined) return machine(staffKeys, String(staffKey), headers);
    if (authorization === undefined) return undefined;
    const [scheme = '', token = '', ...rest] = authorization.split(' ');
    if (scheme.toLowerCase() !== 'bearer' || token === '' || rest.length > 0) throw badToken();
    return (await session(token)).caller;
  };
  return Object.assign(authenticate, {
    token: session,
    ready: keys.ready,
    [Symbol.dispose]: () => keys[Symbol.dispose](),
  });
}

/** A browser that is made to send somebody's cookie must not get to act as a machine with it. */
function machine(staffKeys: StaffKeys, key: string, { cookie, authorization }: IncomingHttpHeaders): MachineCaller {
  if (cookie !== undefined) throw new Problem('unauthenticated', 'a staff API key is not taken beside a cookie');
  if (authorization !== undefined)
    throw new Problem('unauthenticated', 'send one credential: a token or a staff API key');
  const holder = staffKeys(key);
  if (!holder) throw new Problem('unauthenticated', 'the staff API key is not known');
  return holder;
}

const badToken = (): Problem =>
  new Problem('unauthenticated', 'the access token is not valid', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });

const MAX_VERIFIED = 10_000;

/** Tokens whose signature was checked before, the least recently used dropped first. */
function createVerifiedTokens() {
  const claimsByDigest = new Map<string, Claims>();
  return {
    find(digest: string): Claims | undefined {
      const claims = claimsByDigest.get(digest);
      if (!claims) return undefined;
      claimsByDigest.delete(digest);
      claimsByDigest.set(digest, claims);
      return claims;
    },
    keep(digest: string, claims: Claims): void {
      claimsByDigest.set(digest, claims);
      if (claimsByDigest.size <= MAX_VERIFIED) return;
      const [oldest] = claimsByDigest.keys();
      if (oldest !== undefined) claimsByDigest.delete(oldest);
    },
  };
}
