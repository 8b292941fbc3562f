import type { Announced } from '@g-store/messaging';
import type { OrderPoints } from '../domain/order-points.js';
import type { Account, Entry, PointsEvent } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';

/** One unit of work on the command side: what a use case may look at, and where it leaves what it decided. */
export interface Work {
  readonly now: Date;
  newId(): string;
  account(id: string): Promise<Account | undefined>;
  order(orderId: string): Promise<OrderPoints | undefined>;
  /** Whose a number of our own shop is; undefined for any other, and before its order was heard of. */
  orderByNumber(number: string): Promise<OrderPoints | undefined>;
  /** The reward of an order number, once it has been earned. */
  earned(number: string): Promise<PointsEvent | undefined>;
  request(id: string): Promise<ChangeRequest | undefined>;
  /** Records rows, the account's event and what others hear of it together. */
  record(decision: Decision): void;
  /** Puts an accepted request on its way to whoever decides it. */
  ask(request: ChangeRequest): void;
}

export interface Decision {
  readonly entry?: Entry;
  readonly order?: OrderPoints;
  readonly request?: ChangeRequest;
  /** Of the order that a reward was earned on, when it is one of ours. */
  readonly earnedOn?: string;
}

/** Says beforehand what a command will look at, so that a whole batch of commands reads it in one round trip. */
export type Announcement = Announced;

export interface Announcements {
  account(id: string): Announcement;
  order(orderId: string): Announcement;
  orderByNumber(number: string): Announcement;
  earned(number: string): Announcement;
  request(id: string): Announcement;
}
