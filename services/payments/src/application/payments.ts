import { charge, refund, settle } from '../domain/payment.js';
import type { PlacedOrder } from '../domain/payment.js';
import type { Work } from './work.js';

/** Takes what points do not pay; says SUCCESS or why not. */
export async function chargeOrder(work: Work, order: PlacedOrder): Promise<void> {
  const payment = await work.payment(order.orderId);
  const account = await work.accountOf(order.owner);
  work.record(charge(payment, account, order, work.now));
}

/** Gives back what was charged; before the order was heard of, makes sure that nothing ever will be. */
export async function refundOrder(work: Work, order: Pick<PlacedOrder, 'orderId' | 'owner'>): Promise<void> {
  const payment = await work.payment(order.orderId);
  const account = await work.accountOf(payment?.owner ?? order.owner);
  work.record(refund(payment, account, order, work.now));
}

/** Books what was held for an issued order as earned. */
export async function settleOrder(work: Work, order: Pick<PlacedOrder, 'orderId' | 'owner'>): Promise<void> {
  const payment = await work.payment(order.orderId);
  const account = await work.accountOf(payment?.owner ?? order.owner);
  work.record(settle(payment, account, order.orderId, work.now));
}
