import { PointsRequest } from '@g-store/contracts';
import { on } from '@g-store/messaging';
import type { Subscription } from '@g-store/messaging';
import { applyRequest } from '../application/requests.js';
import type { Announcements, Work } from '../application/work.js';

/** The worker of the machine dialects: hears what was accepted, in order per account, and decides it once. */
export const pointRequests = ({ account, request }: Announcements): readonly Subscription<Work>[] => [
  on(
    PointsRequest,
    'requested',
    (work: Work, { requestId: id, kind, points, actor }, { aggregateId: accountId, occurredAt: acceptedAt }) =>
      applyRequest(work, { id, accountId, kind: kind === 'ADD' ? 'add' : 'deduct', points, actor, acceptedAt }),
    { announce: ({ requestId }, { aggregateId }) => [account(aggregateId), request(requestId)] },
  ),
];
