import type { Notification } from '../domain/notification.js';
import type { OrderState } from '../domain/order-state.js';
import type { Announcement, Announcements, Work } from './work.js';

/** The work port in memory; it refuses what the database's keys refuse. */
export function fakeWork(): {
  readonly work: Work;
  readonly orders: ReadonlyMap<string, OrderState>;
  readonly notifications: readonly Notification[];
} {
  const orders = new Map<string, OrderState>();
  const notifications: Notification[] = [];
  const work: Work = {
    order: async (id) => orders.get(id),
    keep(state, known) {
      if (orders.get(state.orderId) !== known) throw new Error('the order is not as it was found');
      orders.set(state.orderId, state);
    },
    notify(notification) {
      if (notifications.some(({ id }) => id === notification.id)) throw new Error('unique: one per event');
      notifications.push(notification);
    },
  };
  return { work, orders, notifications };
}

/** Announcements that name what they are about. */
export const announcementsForTest: Announcements = {
  order: (id) => ({ table: { name: 'order_state' } as Announcement['table'], key: { orderId: id } }),
};
