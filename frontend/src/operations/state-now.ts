import type { Invariant } from '@g-store/client';

/** The journal looks far more often. */
const GOOD_FOR_MS = 5 * 60_000;

/** What was found well long ago, or never looked at, is not known to be well now; what was broken stays so. */
export function stateNow({ state, checkedAt }: Invariant, lookedAt: string | null): Invariant['state'] {
  if (state !== 'holds') return state;
  if (checkedAt === null) return 'unknown';
  const age = lookedAt === null ? 0 : Date.parse(lookedAt) - Date.parse(checkedAt);
  return age > GOOD_FOR_MS ? 'unknown' : 'holds';
}
