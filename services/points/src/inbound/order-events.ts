import { OrderEvent } from '@g-store/contracts';
import { on } from '@g-store/messaging';
import type { Subscription } from '@g-store/messaging';
import { returnPoints, spendPoints } from '../application/orders.js';
import type { UploadAnnouncements, UploadWork } from '../application/upload-work.js';
import { giveToOwner } from '../application/uploads.js';
import type { Announcements, Work } from '../application/work.js';

/** What points hears from orders. A cancellation is final: it counts even when it overtakes the order's creation. */
export const orderEvents = ({
  account,
  order,
  upload,
}: Announcements & UploadAnnouncements): readonly Subscription<UploadWork>[] => [
  on(
    OrderEvent,
    'created',
    async (work: UploadWork, { number, pointsToSpend }, { aggregateId, owner }) => {
      await spendPoints(work, { orderId: aggregateId, owner, number, points: pointsToSpend });
      await giveToOwner(work, number, owner); // somebody may have uploaded the number before the order was heard of
    },
    {
      announce: ({ number, pointsToSpend }, { aggregateId, owner }) => [
        order(aggregateId),
        upload(number),
        ...(pointsToSpend === 0n ? [] : [account(owner)]),
      ],
    },
  ),
  on(
    OrderEvent,
    'cancelled',
    (work: Work, _, { aggregateId, owner }) => returnPoints(work, { orderId: aggregateId, owner }),
    { announce: (_, { aggregateId, owner }) => [order(aggregateId), account(owner)], final: true },
  ),
];
