import { randomUUID } from 'node:crypto';
import { encode, OrderEvent, topics } from '@g-store/contracts';
import { partitionFor } from '@g-store/messaging';
import { createIds, systemClock } from '@g-store/runtime';
import type { OrderRow } from '../../services/orders/src/outbound/tables.js';

const { place } = (await import(
  import.meta.resolve('../../services/orders/dist/domain/order.js')
)) as typeof import('../../services/orders/src/domain/order.js');
const { orderNumber } = (await import(
  import.meta.resolve('../../services/orders/dist/domain/order-number.js')
)) as typeof import('../../services/orders/src/domain/order-number.js');
const { toOrderRow } = (await import(
  import.meta.resolve('../../services/orders/dist/outbound/order-rows.js')
)) as typeof import('../../services/orders/src/outbound/order-rows.js');

export const ids = createIds(systemClock);

/** What every contender is asked for: an order of a plain amount. */
export const asked = { currency: 'RUB', amount: 1_459_950n, pointsToSpend: 0n, description: 'two mugs and a teapot' };

/** The customers who order, one per caller. */
export const customers = (callers: number): readonly string[] => Array.from({ length: callers }, () => randomUUID());

export interface OrderToStore {
  readonly order: OrderRow;
  readonly outbox: {
    readonly topic: number;
    readonly part: number;
    readonly key: Buffer;
    readonly body: Buffer;
    readonly eventId: string;
  };
}

/** The same decision and the same encoded event as ours, for contenders that write their rows by themselves. */
export function orderToStore(userId: string): OrderToStore {
  const now = systemClock.now();
  const id = ids.next();
  const { order, actor } = place({ ...asked, id, number: orderNumber(Math.random()), userId, items: [] }, now);
  const eventId = ids.next();
  const meta = {
    eventId,
    aggregateId: id,
    aggregateVersion: 1,
    owner: actor,
    occurredAt: now,
    correlationId: eventId,
  };
  const { number, amount, currency, pointsToSpend, description, items } = order;
  const value = { number, amount, currency, pointsToSpend, items, ...(description !== undefined && { description }) };
  const key = Buffer.from(id);
  return {
    order: toOrderRow(order),
    outbox: {
      topic: topics.orderEvents.id,
      part: partitionFor(key, topics.orderEvents.partitions),
      key,
      body: encode(OrderEvent, { meta, case: 'created', value }),
      eventId,
    },
  };
}

export const orderColumns =
  'id, number, user_id, amount, currency, points_to_spend, status, cancellation_reason, description, items, version, created_at, updated_at';

export const orderValues = ({ order }: OrderToStore): readonly unknown[] => [
  order.id,
  order.number,
  order.userId,
  String(order.amount),
  order.currency,
  String(order.pointsToSpend),
  order.status,
  order.cancellationReason,
  order.description,
  JSON.stringify(order.items),
  order.version,
  order.createdAt,
  order.updatedAt,
];
