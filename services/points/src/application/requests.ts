import { decideRequest } from '../domain/request.js';
import type { ChangeRequest } from '../domain/request.js';
import type { Work } from './work.js';

export type Change = Pick<ChangeRequest, 'accountId' | 'kind' | 'points' | 'actor'>;

/** Accepts a change without looking at the account: its fate is decided when it is heard, in order per account. */
export function requestChange(work: Work, change: Change): ChangeRequest {
  const request: ChangeRequest = { id: work.newId(), ...change, status: 'PENDING', acceptedAt: work.now };
  work.record({ request });
  work.ask(request);
  return request;
}

/** Applies or rejects a request, once. One whose row is gone, after a restore, is decided by what was asked. */
export async function applyRequest(
  work: Work,
  heard: Change & Pick<ChangeRequest, 'id' | 'acceptedAt'>,
): Promise<void> {
  const request = (await work.request(heard.id)) ?? { ...heard, status: 'PENDING' };
  const decision = decideRequest(request, await work.account(request.accountId), work.now);
  if (decision) work.record(decision);
}
