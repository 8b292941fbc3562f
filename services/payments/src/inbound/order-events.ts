import { OrderEvent } from '@g-store/contracts';
import type { EventMeta } from '@g-store/contracts';
import { on } from '@g-store/messaging';
import type { Subscription } from '@g-store/messaging';
import { chargeOrder, refundOrder, settleOrder } from '../application/payments.js';
import type { Announcement, Announcements, Work } from '../application/work.js';

/** What payments hears from orders. A cancellation is final: it counts even when it overtakes the order's creation. */
export const orderEvents = (announcements: Announcements): readonly Subscription<Work>[] => {
  const guards = (meta: EventMeta): readonly Announcement[] => [
    announcements.accountOf(meta.owner),
    announcements.payment(meta.aggregateId),
  ];
  return [
    on(
      OrderEvent,
      'created',
      (work, { amount, pointsToSpend, currency }, meta) =>
        chargeOrder(work, { ...orderOf(meta), amount: amount - pointsToSpend, currency }),
      { announce: (_, meta) => guards(meta) },
    ),
    on(OrderEvent, 'cancelled', (work, _, meta) => refundOrder(work, orderOf(meta)), {
      announce: (_, meta) => guards(meta),
      final: true,
    }),
    on(
      OrderEvent,
      'statusChanged',
      async (work, { to }, meta) => {
        if (to === 'ISSUED') await settleOrder(work, orderOf(meta));
      },
      { announce: ({ to }, meta) => (to === 'ISSUED' ? guards(meta) : []) },
    ),
  ];
};

const orderOf = ({ aggregateId, owner }: EventMeta): { orderId: string; owner: string } => ({
  orderId: aggregateId,
  owner,
});
