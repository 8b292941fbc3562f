import { priced, total, type Line } from '../domain/items.js';
import {
  advance,
  answered,
  cancel,
  maySee,
  orderStatuses,
  place,
  rewarded,
  type Order,
  type OrderStatus,
  type Part,
  type PartReason,
  type StoreReason,
} from '../domain/order.js';
import { OrderRefused } from '../domain/refused.js';
import type { Work } from './work.js';

export interface PlaceOrder {
  readonly userId: string;
  /** Who places it, if somebody of the store does so for its owner. */
  readonly actor?: string;
  readonly currency: string;
  /** A plain amount, or the items that make it up. */
  readonly wanted: { readonly amount: bigint } | { readonly lines: readonly Line[] };
  readonly pointsToSpend: bigint;
  readonly description?: string;
}

export async function placeOrder(work: Work, { wanted, actor, ...command }: PlaceOrder): Promise<Order> {
  const items = 'lines' in wanted ? await itemsOf(work, wanted.lines) : [];
  const amount = 'amount' in wanted ? wanted.amount : total(items);
  const placing = { ...command, id: work.newId(), number: work.newOrderNumber(), amount, items };
  const decision = place(placing, work.now, actor);
  work.record(decision);
  if (actor !== undefined && actor !== command.userId)
    work.audit({ actor, act: 'place', orderId: decision.order.id, detail: { for: command.userId } });
  return decision.order;
}

async function itemsOf(work: Work, lines: readonly Line[]) {
  const items = [];
  for (const [index, line] of lines.entries()) {
    const goods = line.sku === undefined ? undefined : await work.catalogueItem(line.sku);
    items.push(priced(line, goods, index));
  }
  return items;
}

/** What a command about one order says: which, and who does it. */
export interface OrderCommand {
  readonly orderId: string;
  readonly actor: string;
  /** Throws when the caller has seen another version than this one and minds (If-Match). */
  readonly checkVersion?: (version: number) => void;
}

/** Customers change their mind about orders of their own; those of others do not exist for them. */
export async function cancelOrder(work: Work, command: OrderCommand): Promise<Order> {
  const order = await work.order(command.orderId);
  if (!maySee(order, { userId: command.actor, staff: false })) throw orderNotFound();
  command.checkVersion?.(order.version);
  const decision = cancel(order, { reason: 'CHANGED_MIND', source: 'CUSTOMER', actor: command.actor }, work.now);
  work.record(decision);
  return decision.order;
}

export async function cancelOrderByStaff(
  work: Work,
  { reason, ...command }: OrderCommand & { readonly reason: StoreReason },
): Promise<Order> {
  const order = await work.order(command.orderId);
  command.checkVersion?.(order.version);
  const decision = cancel(order, { reason, source: 'STAFF', actor: command.actor }, work.now);
  work.record(decision);
  work.audit({ actor: command.actor, act: 'cancel', orderId: order.id, detail: { from: order.status, reason } });
  return decision.order;
}

export async function advanceOrder(
  work: Work,
  { status: to, ...command }: OrderCommand & { readonly status: OrderStatus },
): Promise<Order> {
  const order = await work.order(command.orderId);
  command.checkVersion?.(order.version);
  const decision = advance(order, to, command.actor, work.now);
  work.record(decision);
  work.audit({ actor: command.actor, act: 'status', orderId: order.id, detail: { from: order.status, to } });
  return decision.order;
}

export type PartOutcome = { readonly orderId: string; readonly amount: bigint } & (
  { readonly succeeded: true } | { readonly succeeded: false; readonly reason: PartReason }
);

/**
 * An answer that comes too late changes nothing: payments refunds and points returns when they hear that the order was
 * cancelled.
 */
export async function settlePart(work: Work, part: Part, { orderId, ...outcome }: PartOutcome): Promise<void> {
  const order = await work.order(orderId);
  work.record(answered(order, await work.answers(orderId), { part, ...outcome }, work.now));
}

export async function rewardOrder(work: Work, { orderId, points }: { orderId: string; points: bigint }): Promise<void> {
  const order = await work.order(orderId);
  work.record(rewarded(order, await work.reward(orderId), points));
}

export const orderNotFound = (): OrderRefused => new OrderRefused('not_found', 'order not found');

/** @throws OrderRefused `invalid_status` for a word that names no state. */
export function toStatus(text: string): OrderStatus {
  const status = orderStatuses.find((known) => known === text);
  if (status === undefined) throw new OrderRefused('invalid_status', 'invalid order status', '/status');
  return status;
}
