import type { CancellationReason, Order, OrderStatus } from '@g-store/client';

/** What staff do to an order, one after another. */
export const steps = ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'] as const;
export type Step = (typeof steps)[number];

export const storeReasons = ['OUT_OF_STOCK', 'DELIVERY_UNAVAILABLE'] as const;
export type StoreReason = Extract<CancellationReason, (typeof storeReasons)[number]>;

export type WhyNot = 'unpaid' | 'done' | 'later' | 'cancelled' | 'issued';

export interface Offered<A> {
  readonly action: A;
  /** Why it cannot be done now. */
  readonly whyNot?: WhyNot;
}

export interface Offer {
  /** The one thing to do next. */
  readonly next: Step | undefined;
  readonly steps: readonly Offered<Step>[];
  readonly cancel: readonly Offered<StoreReason>[];
}

type Placed = Pick<Order, 'status'>;

/** What can be done with an order now, and why not the rest; the shop itself has the last word. */
export function offerOf({ status }: Placed): Offer {
  const next = nextAfter[status];
  const closed = status === 'CANCELLED' ? 'cancelled' : status === 'ISSUED' ? 'issued' : undefined;
  return {
    next,
    steps: steps.filter((step) => step !== next).map((action) => ({ action, whyNot: whyNot(status, action) })),
    cancel: storeReasons.map((action) => ({ action, ...(closed !== undefined && { whyNot: closed }) })),
  };
}

function whyNot(status: OrderStatus, step: Step): WhyNot {
  if (status === 'CANCELLED') return 'cancelled';
  if (status === 'PENDING') return 'unpaid';
  return steps.indexOf(step) <= (steps as readonly OrderStatus[]).indexOf(status) ? 'done' : 'later';
}

const nextAfter: Readonly<Record<OrderStatus, Step | undefined>> = {
  PENDING: undefined,
  PAID: 'ASSEMBLING',
  ASSEMBLING: 'ASSEMBLED',
  ASSEMBLED: 'DELIVERING',
  DELIVERING: 'ISSUED',
  ISSUED: undefined,
  CANCELLED: undefined,
};

export type MoneyFate = 'waiting' | 'held' | 'settled' | 'returned' | 'none';

/** Where the money of an order is: charged money is held until it is handed over, and goes back when it is cancelled. */
export function moneyFateOf({ status, cancellationReason }: Pick<Order, 'status' | 'cancellationReason'>): MoneyFate {
  if (status === 'PENDING') return 'waiting';
  if (status === 'ISSUED') return 'settled';
  if (status !== 'CANCELLED') return 'held';
  return cancellationReason !== undefined && neverCharged.includes(cancellationReason) ? 'none' : 'returned';
}

const neverCharged: readonly CancellationReason[] = [
  'NO_PAYMENT_ACCOUNT',
  'INSUFFICIENT_FUNDS',
  'PAYMENT_INTERNAL_ERROR',
];
