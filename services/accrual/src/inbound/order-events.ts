import { OrderEvent } from '@g-store/contracts';
import type { OrderCreated } from '@g-store/contracts';
import { on } from '@g-store/messaging';
import type { Subscription } from '@g-store/messaging';
import { cancelOrder, expectOrder, issueOrder } from '../application/orders.js';
import type { Announcements, Work } from '../application/work.js';
import type { Good } from '../domain/reward.js';

/** What accrual hears from orders: what they are made of, and that they are issued or never will be. */
export const orderEvents = ({ order, shopOrder }: Announcements): readonly Subscription<Work>[] => [
  on(
    OrderEvent,
    'created',
    (work: Work, created, { aggregateId: orderId, owner }) =>
      expectOrder(work, { number: created.number, goods: goodsOf(created), orderId, owner }),
    { announce: ({ number }) => [order(number)] },
  ),
  on(
    OrderEvent,
    'statusChanged',
    async (work: Work, { to }, { aggregateId }) => {
      if (to === 'ISSUED') await issueOrder(work, aggregateId);
    },
    { announce: ({ to }, { aggregateId }) => (to === 'ISSUED' ? [shopOrder(aggregateId)] : []) },
  ),
  on(OrderEvent, 'cancelled', (work: Work, _, { aggregateId }) => cancelOrder(work, aggregateId), {
    announce: (_, { aggregateId }) => [shopOrder(aggregateId)],
    final: true,
  }),
];

/** An order without items counts as one good with its description. */
const goodsOf = ({ items, description = '', amount }: OrderCreated): readonly Good[] =>
  items.length === 0
    ? [{ description, price: amount, quantity: 1 }]
    : items.map((item) => ({ description: item.description, price: item.price, quantity: item.quantity }));
