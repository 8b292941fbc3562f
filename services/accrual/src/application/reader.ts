import type { Order } from '../domain/order.js';
import type { Rule } from '../domain/reward.js';

/** What may be read without a unit of work. */
export interface Reader {
  order(number: string): Promise<Pick<Order, 'number' | 'status' | 'reward' | 'shop'> | undefined>;
  rules(): Promise<readonly Rule[]>;
  /** Numbers of orders that are registered but not decided, the longest waiting first. */
  undecided(limit: number): Promise<readonly string[]>;
}
