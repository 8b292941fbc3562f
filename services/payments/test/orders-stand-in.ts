import { randomUUID } from 'node:crypto';
import { encode, OrderEvent, topics } from '@g-store/contracts';
import type { EventsOf, OrderCancelled, OrderCreated, OrderStatus } from '@g-store/contracts';
import { partitionFor } from '@g-store/messaging';
import type { Broker } from '@g-store/messaging';
import { createIds, systemClock } from '@g-store/runtime';

export interface StoryOrder {
  readonly id: string;
  readonly owner: string;
  readonly amount: bigint;
  readonly pointsToSpend?: bigint;
}

type Cases = EventsOf<typeof OrderEvent>;

/** Tells what orders would tell, version by version; each answers when payments has handled it. */
export function ordersStandIn(broker: Broker) {
  const ids = createIds(systemClock);
  const tell = async <C extends keyof Cases>(order: StoryOrder, version: number, name: C, value: Cases[C]) => {
    const meta = {
      eventId: ids.next(),
      aggregateId: order.id,
      aggregateVersion: version,
      owner: order.owner,
      occurredAt: new Date(),
      correlationId: randomUUID(),
    };
    const key = Buffer.from(order.id);
    const { name: topic, partitions } = topics.orderEvents;
    const record = { topic, partition: partitionFor(key, partitions), key };
    await broker.append([{ ...record, value: encode(OrderEvent, { meta, case: name, value }) }]);
  };

  return {
    created: (order: StoryOrder, version = 1) =>
      tell(order, version, 'created', {
        number: '18',
        amount: order.amount,
        currency: 'RUB',
        pointsToSpend: order.pointsToSpend ?? 0n,
        items: [],
      } satisfies OrderCreated),
    moved: (order: StoryOrder, version: number, from: OrderStatus, to: OrderStatus) =>
      tell(order, version, 'statusChanged', { from, to, actor: 'somebody' }),
    cancelled: (order: StoryOrder, version: number, because: Partial<OrderCancelled> = {}) =>
      tell(order, version, 'cancelled', {
        reason: 'CHANGED_MIND',
        source: 'CUSTOMER',
        previousStatus: 'PENDING',
        actor: order.owner,
        ...because,
      } satisfies OrderCancelled),
  };
}
