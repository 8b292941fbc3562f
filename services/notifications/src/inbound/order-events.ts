import { OrderEvent, type EventMeta } from '@g-store/contracts';
import { on, type Subscription } from '@g-store/messaging';
import { noteOrder } from '../application/projection.js';
import type { Announcements, Work } from '../application/work.js';
import type { Notification, NotificationKind } from '../domain/notification.js';
import type { OrderState } from '../domain/order-state.js';

/** What the projection hears from orders: where each order has come to, and a line in its owner's notification centre. */
export const orderEvents = (announcements: Announcements): readonly Subscription<Work>[] => {
  const options = { announce: (_: object, meta: EventMeta) => [announcements.order(meta.aggregateId)] };
  const note = (work: Work, meta: EventMeta, came: Came, kind: NotificationKind, data: Notification['data'] = {}) =>
    noteOrder(work, stateAfter(meta, came), { ...lineOf(meta), kind, data: { ...came, ...data } });
  return [
    on(
      OrderEvent,
      'created',
      (work, { number, amount }, meta) =>
        note(work, meta, { status: 'PENDING' }, 'order.placed', { number, amount: Number(amount) }),
      options,
    ),
    on(
      OrderEvent,
      'statusChanged',
      (work, { to }, meta) => note(work, meta, { status: to }, 'order.status.changed'),
      options,
    ),
    on(
      OrderEvent,
      'cancelled',
      (work, { reason }, meta) => note(work, meta, { status: 'CANCELLED', reason }, 'order.cancelled'),
      options,
    ),
  ];
};

type Came = Pick<OrderState, 'status'> & { readonly reason?: string };

const stateAfter = ({ aggregateId, aggregateVersion, owner, occurredAt }: EventMeta, came: Came): OrderState => ({
  orderId: aggregateId,
  owner,
  ...came,
  version: aggregateVersion,
  at: occurredAt,
});

const lineOf = ({ eventId, owner, aggregateId, occurredAt }: EventMeta) => ({
  id: eventId,
  owner,
  orderId: aggregateId,
  at: occurredAt,
});
