import type { Cause } from '@g-store/messaging';
import type { Order } from '../domain/order.js';
import type { Rule } from '../domain/reward.js';

/** What may be read without a unit of work. */
export interface Reader {
  order(number: string): Promise<Pick<Order, 'number' | 'status' | 'reward' | 'shop'> | undefined>;
  rules(): Promise<readonly Rule[]>;
  /** Orders that are registered but not decided, the longest waiting first. */
  undecided(limit: number): Promise<readonly Undecided[]>;
}

export interface Undecided {
  readonly number: string;
  /** Of its registration; null for those of before it was kept. */
  readonly cause: Cause | null;
}
