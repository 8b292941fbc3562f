import { PointsEvent, type EventMeta } from '@g-store/contracts';
import { on, type Subscription } from '@g-store/messaging';
import type { Work } from '../application/work.js';
import type { PointsChange } from '../domain/points.js';
import { pointsChangeBy } from './points-changes.js';

/** What the projection hears from points: every change of an account is a line of its owner's notification centre. */
export const pointsEvents: readonly Subscription<Work>[] = [
  on(PointsEvent, 'spent', async (work, value, meta) => note(work, pointsChangeBy.spent(value), meta)),
  on(PointsEvent, 'returned', async (work, value, meta) => note(work, pointsChangeBy.returned(value), meta)),
  on(PointsEvent, 'earned', async (work, value, meta) => note(work, pointsChangeBy.earned(value), meta)),
  on(PointsEvent, 'adjusted', async (work, value, meta) => note(work, pointsChangeBy.adjusted(value), meta)),
  on(PointsEvent, 'withdrawn', async (work, value, meta) => note(work, pointsChangeBy.withdrawn(value), meta)),
];

function note(work: Work, { accountId, orderId, balance, change, ...facts }: PointsChange, meta: EventMeta): void {
  work.notify({
    id: meta.eventId,
    owner: meta.owner,
    kind: 'points.changed',
    ...(orderId !== undefined && { orderId }),
    accountId,
    data: { balance: Number(balance), change: Number(change), ...facts },
    at: meta.occurredAt,
  });
}
