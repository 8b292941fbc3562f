import type { Announced } from '@g-store/messaging';
import type { Decision, Order } from '../domain/order.js';
import type { Rule } from '../domain/reward.js';

/** One unit of work: what a use case may look at, and where it leaves what it decided. */
export interface Work {
  readonly now: Date;
  rule(match: string): Promise<Rule | undefined>;
  order(number: string): Promise<Order | undefined>;
  shopOrder(orderId: string): Promise<Order | undefined>;
  add(rule: Rule): void;
  /** Records the order and tells its reward, if there is one to tell, together. An order that did not change is left alone. */
  record(decision: Decision): void;
}

/** Says beforehand what a command will look at, so that a whole batch of commands reads it in one round trip. */
export type Announcement = Announced;

export interface Announcements {
  rule(match: string): Announcement;
  order(number: string): Announcement;
  shopOrder(orderId: string): Announcement;
}
