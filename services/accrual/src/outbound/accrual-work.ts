import { AccrualEvent } from '@g-store/contracts';
import { announce } from '@g-store/messaging';
import type { Rows } from '@g-store/messaging';
import type { Announcements, Work } from '../application/work.js';
import type { Order } from '../domain/order.js';
import { orders, rules, toOrder, toOrderRow } from './tables.js';
import type { OrderRow } from './tables.js';

export const announcements: Announcements = {
  rule: (match) => announce(rules, { match }),
  order: (number) => announce(orders, { number }),
  shopOrder: (orderId) => announce(orders, { orderId }),
};

/** The work port over rows: an order that was found is updated if it has changed, one that was not is inserted. */
export const accrualWorkIn = (rows: Rows): Work => {
  const rowByNumber = new Map<string, OrderRow>();
  const seen = (row: OrderRow | undefined): Order | undefined => {
    if (row === undefined) return undefined;
    rowByNumber.set(row.number, row);
    return toOrder(row);
  };

  return {
    now: rows.now,
    rule: (match) => rows.find(rules, { match }),
    order: async (number) => seen(await rows.find(orders, { number })),
    shopOrder: async (orderId) => seen(await rows.find(orders, { orderId })),
    add: (rule) => rows.insert(rules, rule),
    record: ({ order, reward }) => {
      const before = rowByNumber.get(order.number);
      const row = toOrderRow(order, order.status === 'REGISTERED' ? rows.cause : (before?.cause ?? null));
      if (before === undefined) rows.insert(orders, row);
      else if (before.version !== row.version) rows.update(orders, row);
      rowByNumber.set(row.number, row);
      if (reward === undefined) return;
      const { number: orderNumber, orderId, owner, points } = reward;
      rows.tell(AccrualEvent, {
        key: orderNumber,
        version: 1, // told once
        owner,
        case: 'rewardCalculated',
        value: { orderNumber, orderId, points },
      });
    },
  };
};
