import { createPrivateKey, generateKeyPairSync, randomUUID, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Client } from 'pg';
import { createSafe } from '../../services/identity/src/outbound/secrets';
import { portOf, secret } from '../stack';

export interface Forger {
  readonly kid: string;
  readonly publicJwk: JsonWebKey;
  /** A token with the shop's own signature: what is wrong with it can only be what was changed. */
  issue(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
  /** The shop's signature under these very texts, however odd. */
  sealed(header: string, body: string): string;
}

/** Whoever holds a database and its secret can do this; nobody else should come as far as these tests. */
export async function startForger(): Promise<Forger> {
  const { kid, publicJwk, sealed: stored } = await storedKey();
  const jwk = JSON.parse(createSafe(secret('identity-secret')).open(stored, kid)) as JsonWebKey;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return { kid, publicJwk, ...issuing(key, kid) };
}

/** Tokens like the shop's, signed by a key that the shop has never seen. */
export const strangersTokens = (kid: string): Pick<Forger, 'issue'> =>
  issuing(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, kid);

function issuing(key: KeyObject, kid: string): Pick<Forger, 'issue' | 'sealed'> {
  const sealed = (header: string, body: string): string => {
    const signed = `${toPart(header)}.${toPart(body)}`;
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  };
  return {
    sealed,
    issue: (claims = {}, header = {}) =>
      sealed(
        JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid, ...header }),
        JSON.stringify({ ...soundClaims(), ...claims }),
      ),
  };
}

export const seconds = (): number => Math.floor(Date.now() / 1_000);

export const soundClaims = (): Readonly<Record<string, unknown>> => ({
  iss: 'g-store',
  aud: 'g-store',
  sub: randomUUID(),
  sid: randomUUID(),
  jti: randomUUID(),
  iat: seconds(),
  exp: seconds() + 300,
  roles: ['customer'],
});

export const toPart = (text: string): string => Buffer.from(text).toString('base64url');

interface StoredKey {
  readonly kid: string;
  readonly publicJwk: JsonWebKey;
  readonly sealed: string;
}

async function storedKey(): Promise<StoredKey> {
  const password = encodeURIComponent(secret('postgres-postgres'));
  const { port } = new URL(portOf(5_432));
  const client = new Client({ connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/identity` });
  await client.connect();
  try {
    const { rows } = await client.query<StoredKey>(
      `SELECT kid, public_jwk AS "publicJwk", sealed_private AS sealed FROM signing_key
       WHERE active_from <= now() ORDER BY ordinal DESC LIMIT 1`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the shop has no key to sign with');
    return row;
  } finally {
    await client.end();
  }
}
