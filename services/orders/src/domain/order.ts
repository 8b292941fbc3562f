import { MAX_AMOUNT } from '@g-store/values';
import type { Item } from './items.js';
import { OrderRefused } from './refused.js';

export const orderStatuses = [
  'PENDING',
  'PAID',
  'ASSEMBLING',
  'ASSEMBLED',
  'DELIVERING',
  'ISSUED',
  'CANCELLED',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const storeReasons = ['OUT_OF_STOCK', 'DELIVERY_UNAVAILABLE'] as const;
export type StoreReason = (typeof storeReasons)[number];
export type PartReason = 'NO_PAYMENT_ACCOUNT' | 'INSUFFICIENT_FUNDS' | 'PAYMENT_INTERNAL_ERROR' | 'INSUFFICIENT_POINTS';
export type CancellationReason = 'CHANGED_MIND' | StoreReason | PartReason;
export type CancellationSource = 'CUSTOMER' | 'STAFF' | 'PAYMENTS' | 'POINTS';

/** Amounts in minor units, points in 1/100 point: one point pays one unit of currency, so the two add up. */
export interface Order {
  readonly id: string;
  readonly number: string;
  readonly userId: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly pointsToSpend: bigint;
  readonly status: OrderStatus;
  readonly cancellationReason?: CancellationReason;
  readonly description?: string;
  readonly items: readonly Item[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type OrderEvent =
  | { readonly type: 'OrderCreated' }
  | { readonly type: 'OrderStatusChanged'; readonly from: OrderStatus; readonly to: OrderStatus }
  | {
      readonly type: 'OrderCancelled';
      readonly reason: CancellationReason;
      readonly source: CancellationSource;
      readonly from: OrderStatus;
    };

/** What another service answered about its part of paying for an order. */
export type Answer = { readonly part: Part; readonly amount: bigint } & (
  { readonly succeeded: true } | { readonly succeeded: false; readonly reason: PartReason }
);
export type Part = 'payment' | 'points';

/** What becomes of an order, and by whom. A new version always has its event; what is noted beside the order has none. */
export interface Decision {
  readonly order: Order;
  readonly actor: string;
  readonly event?: OrderEvent;
  readonly answer?: Answer;
  /** The points that it has earned its owner. */
  readonly reward?: bigint;
}

export interface Placing {
  readonly id: string;
  readonly number: string;
  readonly userId: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly pointsToSpend: bigint;
  readonly description?: string;
  readonly items: readonly Item[];
}

/** An order is its owner's, whoever places it. */
export function place(placing: Placing, now: Date, actor = placing.userId): Decision {
  checkAmount(placing.amount, placing.items.length > 0 ? '/items' : '/amount');
  checkPoints(placing.pointsToSpend, placing.amount);
  return {
    order: { ...placing, status: 'PENDING', version: 1, createdAt: now, updatedAt: now },
    actor,
    event: { type: 'OrderCreated' },
  };
}

/** @throws OrderRefused unless an order may cost this much; `pointer` says what of the request makes it up. */
export function checkAmount(amount: bigint, pointer: '/amount' | '/items'): void {
  if (amount <= 0n) throw new OrderRefused('validation_failed', 'order amount must be positive', pointer);
  if (amount > MAX_AMOUNT)
    throw new OrderRefused('validation_failed', `order amount must be at most ${MAX_AMOUNT}`, pointer);
}

/** @throws OrderRefused unless so many points may pay for an order of this amount. */
export function checkPoints(points: bigint, amount: bigint): void {
  if (points > amount)
    throw new OrderRefused('validation_failed', 'pointsToSpend must not exceed the amount', '/pointsToSpend');
}

export interface Cancelling {
  readonly reason: CancellationReason;
  readonly source: CancellationSource;
  readonly actor: string;
}

export function cancel(order: Order, { reason, source, actor }: Cancelling, now: Date): Decision {
  if (order.status === 'CANCELLED') throw new OrderRefused('order_already_cancelled', 'order already canceled');
  if (order.status === 'ISSUED') throw new OrderRefused('order_not_cancellable', "can't be cancelled");
  return {
    order: { ...next(order, 'CANCELLED', now), cancellationReason: reason },
    actor,
    event: { type: 'OrderCancelled', reason, source, from: order.status },
  };
}

/** Staff moves a paid order one step on. */
export function advance(order: Order, to: OrderStatus, actor: string, now: Date): Decision {
  if (to === 'PAID') throw new OrderRefused('forbidden', 'an order becomes PAID by being paid');
  if (stepAfter[order.status] !== to) throw new OrderRefused('invalid_transition', 'invalid order status transition');
  return moved(order, to, actor, now);
}

/** Notes an answer beside the order: PAID once every expected part has answered well, CANCELLED at the first refusal. */
export function answered(order: Order, earlier: readonly Answer[], answer: Answer, now: Date): Decision {
  const actor = actorByPart[answer.part];
  if (order.status !== 'PENDING' || earlier.some(({ part }) => part === answer.part)) return { order, actor };
  if (!answer.succeeded) {
    const source = answer.part === 'payment' ? 'PAYMENTS' : 'POINTS';
    return { ...cancel(order, { reason: answer.reason, source, actor }, now), answer };
  }
  const good = new Set([...earlier, answer].filter(({ succeeded }) => succeeded).map(({ part }) => part));
  const settled = expectedParts(order).every((part) => good.has(part));
  return settled ? { ...moved(order, 'PAID', actor, now), answer } : { order, actor, answer };
}

/** Notes what an order has earned beside it, in whatever state it is, once. */
export const rewarded = (order: Order, earlier: bigint | undefined, points: bigint): Decision => ({
  order,
  actor: actorByPart.points,
  ...(earlier === undefined && { reward: points }),
});

/** What of an order's price is paid with points: none before they were spent, and none once they go back. */
export const pointsSpent = (order: Order, answered: bigint): bigint => (order.status === 'CANCELLED' ? 0n : answered);

/** Who must answer well before an order is paid. */
export const expectedParts = (order: Order): readonly Part[] =>
  order.pointsToSpend > 0n ? ['payment', 'points'] : ['payment'];

const actorByPart: Record<Part, string> = { payment: 'payments', points: 'points' };

const stepAfter: Record<OrderStatus, OrderStatus | undefined> = {
  PENDING: 'PAID',
  PAID: 'ASSEMBLING',
  ASSEMBLING: 'ASSEMBLED',
  ASSEMBLED: 'DELIVERING',
  DELIVERING: 'ISSUED',
  ISSUED: undefined,
  CANCELLED: undefined,
};

/** Who looks at an order: its customer, and whether it is somebody of the store. */
export interface Viewer {
  readonly userId?: string;
  readonly staff: boolean;
}

/** Somebody else's order is as good as none, except to staff. */
export const maySee = (order: Order, { userId, staff }: Viewer): boolean => staff || order.userId === userId;

export type Action = 'cancel' | `status:${OrderStatus}`;

/** What this viewer may do with the order now. */
export function allowedActions(order: Order, viewer: Viewer): readonly Action[] {
  const step = stepAfter[order.status];
  if (step === undefined || !maySee(order, viewer)) return [];
  return viewer.staff && step !== 'PAID' ? ['cancel', `status:${step}`] : ['cancel'];
}

const moved = (order: Order, to: OrderStatus, actor: string, now: Date): Decision => ({
  order: next(order, to, now),
  actor,
  event: { type: 'OrderStatusChanged', from: order.status, to },
});

const next = (order: Order, status: OrderStatus, now: Date): Order => ({
  ...order,
  status,
  version: order.version + 1,
  updatedAt: now,
});
