import type { Clock } from '@g-store/runtime';
import { compactVerify } from 'jose';
import { parseJson } from './json.js';
import type { SigningKeys } from './signing-keys.js';

/** What a token says that was found good. */
export interface Claims {
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly roles: readonly string[];
}

export interface TokenRules {
  readonly keys: SigningKeys;
  readonly clock: Clock;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly longestLifeMs: number;
}

const MAX_TOKEN_LENGTH = 4096;
const CLOCK_SKEW_S = 5;

/** The claims of an access token; undefined when it is not good, for whatever reason. Its times are checked, a deny list is not. */
export async function verifyToken(token: string, rules: TokenRules): Promise<Claims | undefined> {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || ![head, body, signature].every(isCanonical)) return undefined;
  const header = objectIn(head);
  if (!header || !isOurHeader(header)) return undefined;
  const found = await rules.keys.find(header.kid);
  if (!found || header.alg !== found.algorithm) return undefined;
  try {
    await compactVerify(token, found.key, { algorithms: [found.algorithm] });
  } catch {
    return undefined;
  }
  const claims = objectIn(body);
  return claims && isGood(claims, rules) ? claims : undefined;
}

/** One spelling for each token: unpadded base64url, unused bits zero. */
const isCanonical = (part: string): boolean =>
  part.length > 0 && Buffer.from(part, 'base64url').toString('base64url') === part;

/** Refuses repeated members too, of which others may read the one and we the other. */
function objectIn(part: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

type Header = { readonly alg: string; readonly kid: string };

/** These three and nothing else: `jwk`, `jku`, `x5u`, `crit` and their like have no business in our tokens. */
const isOurHeader = (header: Record<string, unknown>): header is Header =>
  Object.keys(header).every((name) => name === 'alg' || name === 'kid' || name === 'typ') &&
  typeof header['alg'] === 'string' &&
  typeof header['kid'] === 'string' &&
  header['kid'].length <= 128 &&
  header['typ'] === 'at+jwt';

function isGood(claims: Record<string, unknown>, rules: TokenRules): claims is Record<string, unknown> & Claims {
  const { iss, aud, sub, sid, jti, iat, exp, nbf, roles } = claims;
  const now = rules.clock.now().getTime() / 1000;
  return (
    iss === rules.issuer &&
    typeof aud === 'string' &&
    rules.audiences.includes(aud) &&
    [sub, sid, jti].every((id) => typeof id === 'string' && id.length >= 1 && id.length <= 128) &&
    isTime(iat) &&
    isTime(exp) &&
    iat <= now + CLOCK_SKEW_S &&
    exp > now &&
    exp > iat &&
    (exp - iat) * 1000 <= rules.longestLifeMs &&
    (nbf === undefined || (isTime(nbf) && nbf <= now + CLOCK_SKEW_S)) &&
    Array.isArray(roles) &&
    roles.every((role) => typeof role === 'string')
  );
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
