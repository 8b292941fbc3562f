import type { Notification } from '../domain/notification.js';
import { heard, type OrderState } from '../domain/order-state.js';
import type { Work } from './work.js';

/** Notes where an order has come to, and tells its owner's notification centre. */
export async function noteOrder(work: Work, change: OrderState, notification: Notification): Promise<void> {
  const known = await work.order(change.orderId);
  const next = heard(known, change);
  if (next !== undefined) work.keep(next, known);
  work.notify(notification);
}
