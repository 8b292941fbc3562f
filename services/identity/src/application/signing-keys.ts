import { nextKeyDue, type Rotation, type SigningKey } from '../domain/signing-keys.js';
import type { Reader } from './reader.js';
import type { Transact } from './work.js';

export interface KeyDependencies {
  readonly transact: Transact;
  readonly reader: Pick<Reader, 'signingKeys'>;
  readonly makeKey: () => Promise<Pick<SigningKey, 'kid' | 'publicJwk' | 'sealedPrivate'>>;
  readonly rotation: Rotation;
}

/** All keys, after making what was missing: one to sign now, one to sign next. Several instances make the same ones. */
export async function keepSigningKeys(deps: KeyDependencies, now: Date): Promise<readonly SigningKey[]> {
  const keys = await deps.reader.signingKeys();
  const activeFrom = nextKeyDue(keys, deps.rotation, now);
  if (activeFrom === undefined) return keys;
  const ordinal = Math.max(0, ...keys.map((key) => key.ordinal)) + 1;
  const made = { ...(await deps.makeKey()), ordinal, activeFrom };
  await deps.transact([], async (work) => {
    if ((await work.signingKey(ordinal)) === undefined) work.addSigningKey(made);
  });
  return keepSigningKeys(deps, now);
}
