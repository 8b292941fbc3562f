import type { Clock, Health, Log, Timers } from '@g-store/runtime';
import { importJWK, type CryptoKey, type JWK } from 'jose';

export interface JsonWebKeySet {
  readonly keys: readonly object[];
}

export interface SigningKey {
  readonly algorithm: 'EdDSA' | 'ES256';
  readonly key: CryptoKey;
}

/** The public keys that tokens are checked with. Keys once fetched serve for as long as their source is away. */
export interface SigningKeys extends Disposable {
  /** The key of this id; an unknown one makes the keys be fetched again, at most once in 30 s. */
  find(kid: string): Promise<SigningKey | undefined>;
  /** False until the first keys were fetched. */
  ready(): boolean;
}

export interface SigningKeysOptions {
  /** The JWKS address, or, for the service that makes the keys, a function that reads them. */
  readonly source: { readonly url: URL } | { readonly local: () => Promise<JsonWebKeySet> };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly health?: Health;
}

const REFETCH_AFTER_MS = 30_000;
const REFRESH_EVERY_MS = 300_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
const FETCH_TIMEOUT_MS = 2_000;
const MAX_SET_BYTES = 64 * 1024;

/** Begins to fetch at once, and again in the background until it has succeeded; then every five minutes. */
export function createSigningKeys({ source, clock, timers, log, health }: SigningKeysOptions): SigningKeys {
  let keys: ReadonlyMap<string, SigningKey> | undefined;
  let running: Promise<void> | undefined;
  let lastAttemptMs = 0;
  let waiting: Disposable | undefined;
  let stopped = false;
  const read = 'local' in source ? source.local : () => fetchKeySet(source.url);

  const refresh = (): Promise<void> => {
    running ??= attempt().finally(() => (running = undefined));
    return running;
  };
  const attempt = async (): Promise<void> => {
    lastAttemptMs = clock.monotonicMs();
    try {
      keys = await importKeys(await read());
      health?.report('signing keys', { ok: true });
    } catch (error) {
      log.warn({ err: error, serving: keys?.size ?? 0 }, 'signing keys could not be fetched');
      if (!keys) health?.report('signing keys', { ok: false, detail: 'not fetched yet' });
    }
  };
  const keepFresh = async (retryMs: number): Promise<void> => {
    await refresh();
    if (stopped) return;
    const nextMs = keys ? REFRESH_EVERY_MS : retryMs;
    waiting = timers.after(nextMs, () => void keepFresh(Math.min(retryMs * 2, LONGEST_RETRY_MS)));
  };

  health?.report('signing keys', { ok: false, detail: 'not fetched yet' });
  void keepFresh(FIRST_RETRY_MS);
  return {
    async find(kid) {
      const known = keys?.get(kid);
      if (known) return known;
      if (running || clock.monotonicMs() - lastAttemptMs >= REFETCH_AFTER_MS) await refresh();
      return keys?.get(kid);
    },
    ready: () => keys !== undefined,
    [Symbol.dispose]() {
      stopped = true;
      waiting?.[Symbol.dispose]();
    },
  };
}

async function fetchKeySet(url: URL): Promise<JsonWebKeySet> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  if (Number(response.headers.get('content-length')) > MAX_SET_BYTES) throw new Error('the key set is too large');
  return (await response.json()) as JsonWebKeySet;
}

async function importKeys({ keys }: JsonWebKeySet): Promise<ReadonlyMap<string, SigningKey>> {
  const imported = new Map<string, SigningKey>();
  for (const jwk of keys as readonly JWK[]) {
    const algorithm = algorithmOf(jwk);
    if (algorithm === undefined || typeof jwk.kid !== 'string') continue;
    const { kty, crv, x, y } = jwk;
    const key = await importJWK({ kty, crv, x, ...(y !== undefined && { y }) } as JWK, algorithm); // the public part alone
    if (!(key instanceof Uint8Array)) imported.set(jwk.kid, { algorithm, key });
  }
  if (imported.size === 0) throw new Error('the key set has no key that tokens can be checked with');
  return imported;
}

/** The algorithm follows from the key, never from the token. */
function algorithmOf({ kty, crv, use }: JWK): SigningKey['algorithm'] | undefined {
  if (use !== undefined && use !== 'sig') return undefined;
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA';
  return kty === 'EC' && crv === 'P-256' ? 'ES256' : undefined;
}
