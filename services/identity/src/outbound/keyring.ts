import type { Clock, Log, Timers } from '@g-store/runtime';
import { SignJWT, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import type { AccessTokens, Audience, Grant } from '../application/credentials.js';
import { keepSigningKeys, type KeyDependencies } from '../application/signing-keys.js';
import { currentKey, publishedKeys, type Rotation, type SigningKey } from '../domain/signing-keys.js';
import { repeat } from './repeat.js';
import type { Safe } from './secrets.js';
import { StartRefused } from './start.js';

const alg = 'ES256';
const reloadMs = 60_000;

export interface Keyring extends AccessTokens, AsyncDisposable {
  /** The public halves: current, next, and those whose last tokens may still be about. */
  jwks(): { readonly keys: readonly object[] };
}

export interface KeyringOptions extends Omit<KeyDependencies, 'makeKey' | 'rotation'> {
  readonly rotation: Omit<Rotation, 'lingerMs'>;
  readonly safe: Safe;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** At most 600: no service accepts a token of g-store that lives longer. */
  readonly tokenSeconds: number;
}

/** A token of the Gophermart API cannot be refreshed, so it lives for a day. */
const gophermartTokenSeconds = 86_400;
/** Until the last of them has expired, and an hour for clocks that differ. */
const lingerMs = gophermartTokenSeconds * 1_000 + 3_600_000;

/** Signs access tokens; makes and changes keys by their age. @throws Error when the secret opens no key of the database */
export async function startKeyring({
  safe,
  clock,
  timers,
  log,
  tokenSeconds,
  rotation,
  ...rest
}: KeyringOptions): Promise<Keyring> {
  const deps: KeyDependencies = { ...rest, rotation: { ...rotation, lingerMs }, makeKey: () => makeKey(safe) };
  let keys = await keepSigningKeys(deps, clock.now());
  const opened = new Map<string, CryptoKey>();
  const privateKey = async ({ kid, sealedPrivate }: SigningKey): Promise<CryptoKey> => {
    const known = opened.get(kid);
    if (known !== undefined) return known;
    const key = await open(safe, kid, sealedPrivate);
    opened.set(kid, key);
    return key;
  };
  const signing = (): SigningKey => {
    const key = currentKey(keys, clock.now());
    if (key === undefined) throw new Error('there is no key to sign with');
    return key;
  };
  await privateKey(signing());
  const reloading = repeat({ everyMs: reloadMs, timers, log, what: 'keys' }, async () => {
    keys = await keepSigningKeys(deps, clock.now());
  });
  return {
    issue: async (grant, audience = 'g-store') => {
      const key = signing();
      const lifeSeconds = audience === 'gophermart' ? gophermartTokenSeconds : tokenSeconds;
      return sign(grant, { key: await privateKey(key), kid: key.kid, audience, lifeSeconds });
    },
    jwks: () => ({ keys: publishedKeys(keys, deps.rotation, clock.now()).map(({ publicJwk }) => publicJwk) }),
    [Symbol.asyncDispose]: () => reloading[Symbol.asyncDispose](),
  };
}

interface Signing {
  readonly key: CryptoKey;
  readonly kid: string;
  readonly audience: Audience;
  readonly lifeSeconds: number;
}

async function sign(
  { userId, sessionId, roles, at, sessionExpiresAt }: Grant,
  { key, kid, audience, lifeSeconds }: Signing,
) {
  const issuedAt = Math.floor(at.getTime() / 1_000);
  const expiresAt = Math.min(issuedAt + lifeSeconds, Math.floor(sessionExpiresAt.getTime() / 1_000));
  const accessToken = await new SignJWT({ sid: sessionId, roles: [...roles] })
    .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
    .setIssuer('g-store')
    .setAudience(audience)
    .setSubject(userId)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(key);
  return { accessToken, expiresIn: expiresAt - issuedAt };
}

async function makeKey(safe: Safe): Promise<Pick<SigningKey, 'kid' | 'publicJwk' | 'sealedPrivate'>> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { kid, publicJwk, sealedPrivate: safe.seal(JSON.stringify(await exportJWK(privateKey)), kid) };
}

async function open(safe: Safe, kid: string, sealed: string): Promise<CryptoKey> {
  const jwk = JSON.parse(unsealed(safe, kid, sealed)) as JWK;
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array) throw new Error(`signing key ${kid} is not a key pair`);
  return key;
}

function unsealed(safe: Safe, kid: string, sealed: string): string {
  try {
    return safe.open(sealed, kid);
  } catch {
    throw new StartRefused(
      `IDENTITY_SECRET does not open signing key ${kid}: it is not the secret that the key was sealed with`,
    );
  }
}
