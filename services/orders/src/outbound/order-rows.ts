import type { Item } from '../domain/items.js';
import type { Answer, CancellationReason, Order, OrderStatus, PartReason } from '../domain/order.js';
import type { ItemJson, OrderPartRow, OrderRow } from './tables.js';

export const toOrderRow = ({ cancellationReason, description, items, ...same }: Order): OrderRow => ({
  ...same,
  cancellationReason: cancellationReason ?? null,
  description: description ?? null,
  items: items.map((item) => ({ ...item, price: String(item.price) })),
});

/** The row's words are the domain's: CHECK constraints keep them so. */
export const fromOrderRow = ({ cancellationReason, description, items, status, ...same }: OrderRow): Order => ({
  ...same,
  status: status as OrderStatus,
  ...(cancellationReason !== null && { cancellationReason: cancellationReason as CancellationReason }),
  ...(description !== null && { description }),
  items: items.map(fromItemJson),
});

const fromItemJson = (item: ItemJson): Item => ({ ...item, price: BigInt(item.price) });

export function fromPartRow({ part, reason, amount }: OrderPartRow): Answer {
  const answer = { part: part as Answer['part'], amount };
  return reason === null
    ? { ...answer, succeeded: true }
    : { ...answer, succeeded: false, reason: reason as PartReason };
}

export const toPartRow = (orderId: string, answer: Answer, at: Date): OrderPartRow => ({
  orderId,
  part: answer.part,
  outcome: answer.succeeded ? 'SUCCESS' : 'FAILED',
  reason: answer.succeeded ? null : answer.reason,
  amount: answer.amount,
  at,
});

export const toRewardRow = (orderId: string, amount: bigint, at: Date): OrderPartRow => ({
  orderId,
  part: rewardPart,
  outcome: 'SUCCESS',
  reason: null,
  amount,
  at,
});

/** What an order has earned lies beside the answers about paying for it. */
export const rewardPart = 'reward';
