/** A key that signs access tokens from its time on, until the next one does. The private half is sealed. */
export interface SigningKey {
  /** 1, 2, 3 …: two instances that make the next key at once make the same one. */
  readonly ordinal: number;
  readonly kid: string;
  readonly publicJwk: object;
  readonly sealedPrivate: string;
  readonly activeFrom: Date;
}

export interface Rotation {
  readonly everyMs: number;
  /** A new key is shown at least this long before it signs, so that verifiers have it by then. */
  readonly noticeMs: number;
  /** A key is shown this long after its last signature: longer than any token lives. */
  readonly lingerMs: number;
}

const byOrdinal = (keys: readonly SigningKey[]): readonly SigningKey[] =>
  [...keys].sort((a, b) => a.ordinal - b.ordinal);

/** The key to sign with: the newest whose time has come. */
export const currentKey = (keys: readonly SigningKey[], now: Date): SigningKey | undefined =>
  byOrdinal(keys).findLast(({ activeFrom }) => activeFrom <= now);

/** When the key that is missing should begin to sign; `undefined` while one already waits. */
export const nextKeyDue = (keys: readonly SigningKey[], rotation: Rotation, now: Date): Date | undefined => {
  const newest = byOrdinal(keys).at(-1);
  if (newest === undefined) return now;
  if (newest.activeFrom > now) return undefined;
  return new Date(Math.max(newest.activeFrom.getTime() + rotation.everyMs, now.getTime() + rotation.noticeMs));
};

/** The keys to show: current, next, and those whose last tokens may still be about. */
export const publishedKeys = (keys: readonly SigningKey[], rotation: Rotation, now: Date): readonly SigningKey[] => {
  const sorted = byOrdinal(keys);
  return sorted.filter((_, at) => {
    const successor = sorted[at + 1];
    return successor === undefined || successor.activeFrom.getTime() + rotation.lingerMs > now.getTime();
  });
};
