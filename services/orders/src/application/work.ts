import type { CatalogueItem } from '../domain/items.js';
import type { Answer, Decision, Order } from '../domain/order.js';

/** One unit of work: what a use case looks at and records commits together, or nothing of it does. */
export interface Work {
  readonly now: Date;
  newId(): string;
  newOrderNumber(): string;
  /** @throws OrderRefused `not_found` */
  order(id: string): Promise<Order>;
  /** What has been answered so far about paying for an order. */
  answers(orderId: string): Promise<readonly Answer[]>;
  /** The points that an order has earned, once it has. */
  reward(orderId: string): Promise<bigint | undefined>;
  catalogueItem(sku: string): Promise<CatalogueItem | undefined>;
  /** Writes the order as decided, its history and its event; an answer or a reward is noted beside it. */
  record(decision: Decision): void;
  /** Notes what somebody of the store did to an order. */
  audit(act: StaffAct): void;
}

export interface StaffAct {
  readonly actor: string;
  readonly act: 'place' | 'cancel' | 'status';
  readonly orderId: string;
  readonly detail: Readonly<Record<string, string>>;
}

/** A row that a command is known to need, to be read and locked with everybody else's; opaque to whoever passes it on. */
export type Announcement = object;

export interface Announce {
  order(id: string): readonly Announcement[];
  goods(skus: readonly string[]): readonly Announcement[];
}
