import { PaymentEvent } from '@g-store/contracts';
import { on, type Subscription } from '@g-store/messaging';
import type { Work } from '../application/work.js';

/**
 * What the projection hears from payments. Whether an order was paid is told by the order itself, so PaymentProcessed
 * makes no line of its own.
 */
export const paymentEvents: readonly Subscription<Work>[] = [
  on(PaymentEvent, 'refunded', async (work, { orderId, accountId, amount }, { eventId, owner, occurredAt }) =>
    work.notify({
      id: eventId,
      owner,
      kind: 'payment.refunded',
      orderId,
      accountId,
      data: { amount: Number(amount) },
      at: occurredAt,
    }),
  ),
  on(
    PaymentEvent,
    'balanceChanged',
    async (work, { accountId, balance, change, kind, orderId }, { eventId, owner, occurredAt }) =>
      work.notify({
        id: eventId,
        owner,
        kind: 'balance.changed',
        ...(orderId !== undefined && { orderId }),
        accountId,
        data: { balance: Number(balance), change: Number(change), kind },
        at: occurredAt,
      }),
  ),
];
