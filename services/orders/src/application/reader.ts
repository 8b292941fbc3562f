import type { CatalogueItem } from '../domain/items.js';
import type { CancellationReason, Order, OrderStatus } from '../domain/order.js';

/** What may be read outside a unit of work: always what has been committed. */
export interface OrderReader {
  order(id: string): Promise<OrderView | undefined>;
  /** Every version of an order, the first one first; empty for an unknown one. */
  history(orderId: string): Promise<readonly HistoryEntry[]>;
  /** One person's orders, newest first, and how many there are. */
  ordersOf(userId: string, range: Range): Promise<OrderList>;
  /** Everybody's orders, newest first; counted up to `countedAtMost`. */
  search(filter: OrderFilter, range: Range): Promise<OrderList>;
  /** How many orders have been PENDING for longer than this. */
  pendingFor(seconds: number): Promise<number>;
  catalogue(): Promise<readonly CatalogueItem[]>;
}

export type OrderView = Order & { readonly points: { readonly spent: bigint; readonly earned: bigint } };

export interface HistoryEntry {
  readonly status: OrderStatus;
  readonly reason?: CancellationReason;
  readonly actor: string;
  readonly at: Date;
  readonly version: number;
}

export interface OrderFilter {
  readonly status?: OrderStatus;
  readonly userId?: string;
  /** The beginning of a number, the id of an order or of a person, or words of a description. */
  readonly q?: string;
}

/** At most `limit` orders, from the one after `after`, or else past the first `skip`. */
export interface Range {
  readonly limit: number;
  readonly after?: Place;
  readonly skip?: number;
}

/** A place in a list of the newest first. */
export interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

export interface OrderList {
  readonly orders: readonly OrderView[];
  readonly total: number;
  /** Whether the list goes on. */
  readonly more: boolean;
}

export const countedAtMost = 10_000;
