import { announce, type Rows } from '@g-store/messaging';
import type { Announcements, Work } from '../application/work.js';
import type { OrderState } from '../domain/order-state.js';
import { notifications, orderStates, type OrderStateRow } from './tables.js';

/** The notifications' view of a unit of work. */
export const notificationWorkIn = (rows: Rows): Work => ({
  order: async (orderId) => {
    const row = await rows.find(orderStates, { orderId });
    return row && toOrderState(row);
  },
  keep: (state, known) => {
    const row: OrderStateRow = { ...state, reason: state.reason ?? null };
    if (known === undefined) rows.insert(orderStates, row);
    else rows.update(orderStates, row);
  },
  notify: ({ id, owner, kind, orderId, accountId, data, at }) =>
    rows.insert(notifications, {
      id,
      owner,
      kind,
      orderId: orderId ?? null,
      accountId: accountId ?? null,
      data,
      createdAt: at,
    }),
});

export const announcements: Announcements = { order: (orderId) => announce(orderStates, { orderId }) };

export const toOrderState = ({ reason, ...row }: OrderStateRow): OrderState => ({
  ...row,
  ...(reason !== null && { reason }),
});
