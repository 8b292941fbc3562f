import { doubted, type Doubted } from './doubt.js';

export type Step = 'payment' | 'points' | 'order' | 'refund' | 'return';
export type Fault = 'refund_exceeds_charge' | 'return_exceeds_spending';

/** Amounts of one order, added up over its events; money in minor units, points in 1/100. */
export interface Sums {
  /** As payments answers the order. */
  readonly charged: bigint;
  readonly refunded: bigint;
  /** As the balance of the account changes. */
  readonly debited: bigint;
  readonly credited: bigint;
  readonly spent: bigint;
  readonly returned: bigint;
  readonly earned: bigint;
}

/** What is known of one order from what every service told; the topics come in any order among each other. */
export interface OrderJourney extends Sums, Doubted {
  readonly orderId: string;
  readonly owner: string;
  /** Null until orders was heard. */
  readonly status: string | null;
  readonly version: number;
  /** Null unless its creation was heard. */
  readonly amount: bigint | null;
  readonly pointsToSpend: bigint | null;
  /** Whether payments and points have answered at all, well or not. */
  readonly paymentAnswered: boolean;
  readonly pointsAnswered: boolean;
  readonly waitsFor: Step | null;
  readonly waitsSince: Date | null;
  readonly fault: Fault | null;
  readonly firstEvent: string;
  readonly lastEvent: string;
  readonly startedAt: Date;
  readonly lastAt: Date;
  readonly heardAt: Date;
}

/** What one event says of an order: sums are added, the rest replaces what was known. */
export type Change = Partial<
  Sums & Pick<OrderJourney, 'status' | 'version' | 'amount' | 'pointsToSpend' | 'paymentAnswered' | 'pointsAnswered'>
>;

export interface Told {
  readonly orderId: string;
  readonly owner: string;
  readonly eventId: string;
  readonly occurredAt: Date;
  readonly change: Change;
  readonly now: Date;
}

/** The order after one event more. */
export function hear(before: OrderJourney | undefined, told: Told): OrderJourney {
  const order = added(before ?? begun(told), told);
  const waitsFor = waitsForIn(order) ?? null;
  return Object.assign(order, {
    ...doubted(before, doubtOf(order), told.now),
    fault: faultOf(order) ?? null,
    waitsFor,
    waitsSince: waitsFor === null ? null : waitsFor === before?.waitsFor ? before.waitsSince : told.occurredAt,
  });
}

const begun = ({ orderId, owner, eventId, occurredAt, now }: Told): OrderJourney => ({
  orderId,
  owner,
  status: null,
  version: 0,
  amount: null,
  pointsToSpend: null,
  charged: 0n,
  refunded: 0n,
  debited: 0n,
  credited: 0n,
  spent: 0n,
  returned: 0n,
  earned: 0n,
  paymentAnswered: false,
  pointsAnswered: false,
  waitsFor: null,
  waitsSince: null,
  doubt: null,
  doubtSince: null,
  fault: null,
  firstEvent: eventId,
  lastEvent: eventId,
  startedAt: occurredAt,
  lastAt: occurredAt,
  heardAt: now,
});

const plus = (sum: bigint, more: bigint | undefined): bigint => (more === undefined ? sum : sum + more);

const added = (order: OrderJourney, { eventId, occurredAt, change, now }: Told): OrderJourney => ({
  ...order,
  ...change,
  charged: plus(order.charged, change.charged),
  refunded: plus(order.refunded, change.refunded),
  debited: plus(order.debited, change.debited),
  credited: plus(order.credited, change.credited),
  spent: plus(order.spent, change.spent),
  returned: plus(order.returned, change.returned),
  earned: plus(order.earned, change.earned),
  firstEvent: eventId < order.firstEvent ? eventId : order.firstEvent,
  lastEvent: eventId > order.lastEvent ? eventId : order.lastEvent,
  startedAt: occurredAt < order.startedAt ? occurredAt : order.startedAt,
  lastAt: occurredAt > order.lastAt ? occurredAt : order.lastAt,
  heardAt: now,
});

/** The step that an order cannot go on without; from PAID on it waits for people, which is nobody's fault. */
function waitsForIn(order: OrderJourney): Step | undefined {
  if (order.status === 'PENDING') {
    if (!order.paymentAnswered) return 'payment';
    if ((order.pointsToSpend ?? 0n) > 0n && !order.pointsAnswered) return 'points';
    return 'order';
  }
  if (order.status === 'CANCELLED') {
    if (order.refunded < order.charged) return 'refund';
    if (order.returned < order.spent) return 'return';
  }
  return undefined;
}

/** What no later event of a right order mends: of one order, payments' own events come in their order, and points' too. */
function faultOf({ refunded, charged, returned, spent }: OrderJourney): Fault | undefined {
  if (refunded > charged) return 'refund_exceeds_charge';
  if (returned > spent) return 'return_exceeds_spending';
  return undefined;
}

/** Money and points of an order ⇔ its state. One whose beginning was told before the journal listened is left alone. */
function doubtOf(order: OrderJourney): string | undefined {
  const { status, amount, pointsToSpend, charged, refunded, debited, credited, spent, returned } = order;
  if (status === null)
    return charged + spent > 0n ? `unknown to orders, charged ${charged}, spent ${spent} points` : undefined;
  if (amount === null) return undefined;
  if (debited !== charged) return `charged ${charged}, but ${debited} taken from an account`;
  if (credited !== refunded) return `refunded ${refunded}, but ${credited} put back to an account`;
  const [paid, points] = [charged - refunded, spent - returned];
  const [due, dueInPoints] = status === 'CANCELLED' ? [0n, 0n] : [amount - (pointsToSpend ?? 0n), pointsToSpend ?? 0n];
  // An order that is PENDING may have been paid already, and orders has not said so yet.
  if (status === 'PENDING' && paid <= due && points <= dueInPoints) return undefined;
  if (paid !== due) return `${status}, but ${paid} paid of ${due}`;
  if (points !== dueInPoints) return `${status}, but ${points} points spent of ${dueInPoints}`;
  return undefined;
}
