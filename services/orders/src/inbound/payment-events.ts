import { PaymentEvent, type PaymentProcessed } from '@g-store/contracts';
import { on, type Announced, type Subscription } from '@g-store/messaging';
import { settlePart, type PartOutcome } from '../application/orders.js';
import type { Work } from '../application/work.js';

/**
 * What orders hears from payments: the answer to each order. A refund follows a cancellation that orders decided itself,
 * and balances are none of its business; both are known here only so that the versions of their keys are kept.
 */
export const paymentEvents = (announceOrder: (id: string) => readonly Announced[]): readonly Subscription<Work>[] => [
  on(PaymentEvent, 'processed', (work: Work, event) => settlePart(work, 'payment', toOutcome(event)), {
    announce: ({ orderId }) => announceOrder(orderId),
  }),
];

const toOutcome = ({ orderId, status, reason, amount }: PaymentProcessed): PartOutcome =>
  status === 'SUCCESS'
    ? { orderId, amount, succeeded: true }
    : { orderId, amount, succeeded: false, reason: reason ?? 'PAYMENT_INTERNAL_ERROR' };
