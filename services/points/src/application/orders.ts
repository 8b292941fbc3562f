import { cancelSpending, spendOn } from '../domain/order-points.js';
import type { PlacedOrder } from '../domain/order-points.js';
import type { Work } from './work.js';

/** Spends what an order wants to be paid with points, or refuses to; remembers whose its number is. */
export async function spendPoints(work: Work, order: PlacedOrder): Promise<void> {
  const known = await work.order(order.orderId);
  const account = order.points === 0n ? undefined : await work.account(order.owner);
  work.record(spendOn(known, account, order, work.now));
}

/** Returns what was spent; before the order was heard of, makes sure that nothing ever will be. */
export async function returnPoints(work: Work, order: Pick<PlacedOrder, 'orderId' | 'owner'>): Promise<void> {
  const known = await work.order(order.orderId);
  const account = await work.account(known?.owner ?? order.owner);
  work.record(cancelSpending(known, account, order, work.now));
}
