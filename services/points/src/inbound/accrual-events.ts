import { AccrualEvent } from '@g-store/contracts';
import { on } from '@g-store/messaging';
import type { Subscription } from '@g-store/messaging';
import { earnReward } from '../application/accounts.js';
import type { UploadAnnouncements, UploadWork } from '../application/upload-work.js';
import { settleUpload } from '../application/uploads.js';
import type { Announcements } from '../application/work.js';

/** What points hears from the accrual system about orders of our own shop. */
export const accrualEvents = ({
  account,
  earned,
  orderByNumber,
  upload,
}: Announcements & UploadAnnouncements): readonly Subscription<UploadWork>[] => [
  on(
    AccrualEvent,
    'rewardCalculated',
    async (work: UploadWork, { orderNumber: number, orderId, points }, { owner }) => {
      const order = await work.orderByNumber(number); // not there yet if this has overtaken the order's creation
      await earnReward(work, { number, points, accountId: order?.owner ?? owner, orderId });
      if (points > 0n) await settleUpload(work, number, { accrual: points, owner });
    },
    {
      announce: ({ orderNumber }, { owner }) => [
        account(owner),
        orderByNumber(orderNumber),
        upload(orderNumber),
        earned(orderNumber),
      ],
    },
  ),
];
