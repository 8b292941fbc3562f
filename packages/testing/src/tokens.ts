import { generateKeyPairSync, randomUUID, sign, type JsonWebKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenClaims {
  /** User id. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  readonly jti: string;
  readonly roles: readonly string[];
  readonly iss: string;
  readonly aud: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
}

export interface TestTokens {
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
  /** A signed access token: a customer's of ten minutes, unless the claims say otherwise. */
  issue(claims?: Partial<TokenClaims>, header?: Readonly<Record<string, unknown>>): string;
  /** Serves the keys as identity does. */
  serve(): Promise<AsyncDisposable & { readonly jwksUrl: string; readonly requests: () => number }>;
}

/** What identity does for the others, without identity: an ES256 key, its JWKS and tokens signed with it. */
export function testTokens(): TestTokens {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] };

  const issue: TestTokens['issue'] = (claims = {}, header = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const body: TokenClaims = {
      sub: randomUUID(),
      sid: randomUUID(),
      jti: randomUUID(),
      roles: ['customer'],
      iss: 'g-store',
      aud: 'g-store',
      iat: now,
      exp: now + 600,
      ...claims,
    };
    const signed = [{ alg: 'ES256', typ: 'at+jwt', kid, ...header }, body].map(toPart).join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  };

  return { jwks, issue, serve: () => serve(jwks) };
}

const toPart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function serve(
  jwks: object,
): Promise<AsyncDisposable & { readonly jwksUrl: string; readonly requests: () => number }> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
