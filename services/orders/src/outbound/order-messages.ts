import { OrderEvent as OrderMessage } from '@g-store/contracts';
import type { Rows } from '@g-store/messaging';
import type { Order, OrderEvent } from '../domain/order.js';

/** Tells the rest of the world what became of an order; every version of it exactly one event. */
export function tellOrder(rows: Rows, order: Order, event: OrderEvent, actor: string): void {
  const from = { key: order.id, version: order.version, owner: order.userId };
  switch (event.type) {
    case 'OrderCreated': {
      const { number, amount, currency, pointsToSpend, description, items } = order;
      const value = {
        number,
        amount,
        currency,
        pointsToSpend,
        items,
        ...(description !== undefined && { description }),
      };
      return rows.tell(OrderMessage, { ...from, case: 'created', value });
    }
    case 'OrderStatusChanged':
      return rows.tell(OrderMessage, {
        ...from,
        case: 'statusChanged',
        value: { from: event.from, to: event.to, actor },
      });
    case 'OrderCancelled': {
      const { reason, source, from: previousStatus } = event;
      return rows.tell(OrderMessage, { ...from, case: 'cancelled', value: { reason, source, previousStatus, actor } });
    }
  }
}
