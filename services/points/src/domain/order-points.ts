import { giveBack, PointsRefused, spend } from './points.js';
import type { Account, Entry } from './points.js';

/**
 * none → cancelled · spent → returned. `refused` moved nothing and never will; so will `cancelled`, which is also what a
 * cancellation leaves that was heard before its order.
 */
export type OrderState = 'none' | 'spent' | 'refused' | 'returned' | 'cancelled';

/** What became of an order's points, and whose its number is. */
export interface OrderPoints {
  readonly orderId: string;
  readonly owner: string;
  /** Unknown when only the cancellation was heard. */
  readonly number?: string;
  readonly state: OrderState;
  /** What was spent, or asked for and refused. */
  readonly points: bigint;
  /** Counts the events told about this order. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface OrderDecision {
  readonly order?: OrderPoints;
  readonly entry?: Entry;
}

export interface PlacedOrder {
  readonly orderId: string;
  readonly owner: string;
  readonly number: string;
  /** 0 for most. */
  readonly points: bigint;
}

/** Spends an order's points once; an order that was decided or cancelled before is left alone. */
export function spendOn(
  order: OrderPoints | undefined,
  account: Account | undefined,
  { orderId, owner, number, points }: PlacedOrder,
  now: Date,
): OrderDecision {
  if (order !== undefined) return {};
  const fresh = { orderId, owner, number, points, createdAt: now, updatedAt: now };
  if (points === 0n) return { order: { ...fresh, state: 'none', version: 0 } };
  try {
    const entry = spend(account, { accountId: owner, points, orderId }, now);
    return { order: { ...fresh, state: 'spent', version: 1 }, entry };
  } catch (error) {
    if (error instanceof PointsRefused && error.code === 'insufficient_points')
      return { order: { ...fresh, state: 'refused', version: 1 } };
    throw error;
  }
}

/** Returns exactly what was spent, if anything was; nothing is ever spent on the order again. */
export function cancelSpending(
  order: OrderPoints | undefined,
  account: Account | undefined,
  { orderId, owner }: Pick<PlacedOrder, 'orderId' | 'owner'>,
  now: Date,
): OrderDecision {
  if (order === undefined)
    return {
      order: { orderId, owner, state: 'cancelled', points: 0n, version: 0, createdAt: now, updatedAt: now },
    };
  switch (order.state) {
    case 'refused':
    case 'cancelled':
    case 'returned':
      return {};
    case 'none':
      return { order: { ...order, state: 'cancelled', updatedAt: now } };
    case 'spent':
      if (account?.id !== order.owner)
        throw new Error(`order ${orderId} was paid by another account than the one at hand`);
      return {
        order: { ...order, state: 'returned', version: order.version + 1, updatedAt: now },
        entry: giveBack(account, { accountId: order.owner, points: order.points, orderId }, now),
      };
  }
}
