import { announce, type Announced, type Rows } from '@g-store/messaging';
import { orderNotFound } from '../application/orders.js';
import type { Announce, Work } from '../application/work.js';
import type { Answer, Decision } from '../domain/order.js';
import { orderNumber } from '../domain/order-number.js';
import { tellOrder } from './order-messages.js';
import { fromOrderRow, fromPartRow, rewardPart, toOrderRow, toPartRow, toRewardRow } from './order-rows.js';
import { catalogue, orderHistory, orderParts, orders, staffAudit } from './tables.js';

/** The orders' view of a unit of work; `random` gives numbers in [0, 1). */
export const orderWorkIn =
  (random: () => number) =>
  (rows: Rows): Work => ({
    now: rows.now,
    newId: () => rows.newId(),
    newOrderNumber: () => orderNumber(random()),
    order: async (id) => {
      const row = await rows.find(orders, { id });
      if (row === undefined) throw orderNotFound();
      return fromOrderRow(row);
    },
    answers: (orderId) => answersIn(rows, orderId),
    reward: async (orderId) => (await rows.find(orderParts, { orderId, part: rewardPart }))?.amount,
    catalogueItem: (sku) => rows.find(catalogue, { sku }),
    record: (decision) => recordIn(rows, decision),
    audit: (act) => rows.insert(staffAudit, { ...act, id: rows.newId(), at: rows.now }),
  });

/** What orders' commands announce; typed as messaging wants it, and handed to inbound as opaque. */
export const announceRows = {
  order: (id: string): readonly Announced[] => [
    announce(orders, { id }),
    ...parts.map((part) => announce(orderParts, { orderId: id, part })),
  ],
  goods: (skus: readonly string[]): readonly Announced[] =>
    [...new Set(skus)].map((sku) => announce(catalogue, { sku })),
} satisfies Announce;

/** What noting a reward looks at. */
export const announceReward = (id: string): readonly Announced[] => [
  announce(orders, { id }),
  announce(orderParts, { orderId: id, part: rewardPart }),
];

const parts = ['payment', 'points'] as const satisfies readonly Answer['part'][];

async function answersIn(rows: Rows, orderId: string): Promise<readonly Answer[]> {
  const answers = [];
  for (const part of parts) {
    const row = await rows.find(orderParts, { orderId, part });
    if (row !== undefined) answers.push(fromPartRow(row));
  }
  return answers;
}

function recordIn(rows: Rows, { order, actor, event, answer, reward }: Decision): void {
  if (event !== undefined) {
    const row = toOrderRow(order);
    if (event.type === 'OrderCreated') rows.insert(orders, row);
    else rows.update(orders, row);
    const { version, status } = row;
    rows.insert(orderHistory, {
      orderId: order.id,
      version,
      status,
      reason: row.cancellationReason,
      actor,
      at: rows.now,
    });
    tellOrder(rows, order, event, actor);
  }
  if (answer !== undefined) rows.insert(orderParts, toPartRow(order.id, answer, rows.now));
  if (reward !== undefined) rows.insert(orderParts, toRewardRow(order.id, reward, rows.now));
}
