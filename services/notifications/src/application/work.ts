import type { Announced } from '@g-store/messaging';
import type { Notification } from '../domain/notification.js';
import type { OrderState } from '../domain/order-state.js';

/** One unit of work: what is known of orders, and the notification centre that only grows. */
export interface Work {
  order(id: string): Promise<OrderState | undefined>;
  /** `known`: what `order` found, if anything. */
  keep(state: OrderState, known: OrderState | undefined): void;
  notify(notification: Notification): void;
}

/** Says beforehand what an event will look at, so that a whole batch of events reads it in one round trip. */
export type Announcement = Announced;

export interface Announcements {
  order(id: string): Announcement;
}
