import type { Clock, Timers } from '@g-store/runtime';
import { createFeed, type Feed, type FeedOptions } from './feed.js';
import { createHub, type Hub, type HubLimits } from './hub.js';
import { createNewness } from './newness.js';
import { createPositions } from './positions.js';
import { createPresentState, type OrderStates } from './present-state.js';
import { createRings, type Rings } from './rings.js';
import { createSlots, type HeardTopic } from './vector.js';

export interface LiveOptions {
  /** Differs when offsets mean something else. */
  readonly epoch: string;
  readonly topics: readonly HeardTopic[];
  /** Where an order's events are. */
  readonly orders: { readonly topic: string; readonly partitionOf: (orderId: string) => number };
  /** The oldest offset that a partition still had when the feed began. */
  readonly originOf: (topic: string, partition: number) => number;
  readonly states: OrderStates;
  readonly read: FeedOptions['read'];
  readonly count: FeedOptions['count'];
  readonly windowMs: number;
  readonly ringBytes: number;
  readonly limits?: Partial<HubLimits>;
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface Live {
  readonly feed: Feed;
  readonly hub: Hub;
  readonly rings: Rings;
}

/** The live feed whole, without Kafka, database or sockets. */
export function createLive(options: LiveOptions): Live {
  const { clock, timers, windowMs, orders } = options;
  const nowMs = (): number => clock.now().getTime();
  const slots = createSlots(options.topics);
  const rings = createRings({ slots: slots.count, windowMs, maxBytes: options.ringBytes, nowMs });
  const positions = createPositions(options.epoch, slots);
  const placeOf = (orderId: string): { partition: number; slot: number } => {
    const partition = orders.partitionOf(orderId);
    const slot = slots.of(orders.topic, partition);
    if (slot === undefined) throw new Error(`${orders.topic} has no partition ${partition}`);
    return { partition, slot };
  };
  const origins = options.topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => options.originOf(name, partition)),
  );
  const presentState = createPresentState({
    states: options.states,
    rings,
    timers,
    placeOf,
    originOf: (slot) => origins[slot] ?? 0,
  });
  const hub = createHub({
    rings,
    positions,
    presentState,
    clock,
    timers,
    ...(options.limits && { limits: options.limits }),
  });
  const newness = createNewness({ windowMs, nowMs });
  return { feed: createFeed({ slots, rings, newness, hub, read: options.read, count: options.count }), hub, rings };
}
