import { adjust, PointsRefused } from './points.js';
import type { Account, Entry } from './points.js';

/** A change that a machine asked for: accepted at once, decided later, in order per account. */
export interface ChangeRequest {
  readonly id: string;
  readonly accountId: string;
  readonly kind: 'add' | 'deduct';
  readonly points: bigint;
  readonly actor: string;
  readonly status: 'PENDING' | 'APPLIED' | 'REJECTED';
  /** Why it was rejected. */
  readonly reason?: string;
  /** The balance that the decision left. */
  readonly total?: bigint;
  readonly acceptedAt: Date;
  readonly decidedAt?: Date;
}

export interface RequestDecision {
  readonly request: ChangeRequest;
  readonly entry?: Entry;
}

/** Decides a request once: an add opens an account, a deduct takes no more than there is. */
export function decideRequest(
  request: ChangeRequest,
  account: Account | undefined,
  now: Date,
): RequestDecision | undefined {
  if (request.status !== 'PENDING') return undefined;
  const { id, accountId, kind, points, actor } = request;
  const change = kind === 'add' ? points : -points;
  try {
    const entry = adjust(account, { accountId, change, cause: id, reason: `request: ${kind}`, actor }, now);
    return { request: { ...request, status: 'APPLIED', total: entry.account.balance, decidedAt: now }, entry };
  } catch (error) {
    if (!(error instanceof PointsRefused)) throw error;
    const total = account?.balance ?? 0n;
    return { request: { ...request, status: 'REJECTED', reason: error.code, total, decidedAt: now } };
  }
}
