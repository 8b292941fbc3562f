import type { Announced } from '@g-store/messaging';
import type { AccountFold, AccountKind } from '../domain/account-fold.js';
import type { OrderJourney } from '../domain/order-journey.js';

/** One event as it is kept: what it is found by, where it was heard, and its bytes, which say the rest. */
export interface KeptEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly type: string;
  readonly orderId: string | null;
  readonly accountId: string | null;
  readonly occurredAt: Date;
  readonly heardAt: Date;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly raw: Buffer;
  /** Counts all events in the order in which they were kept. */
  readonly arrival: bigint;
}

/** How much there is. */
export interface Tally {
  readonly events: bigint;
  readonly orders: bigint;
  readonly moneyAccounts: bigint;
  readonly pointsAccounts: bigint;
}

/** One unit of work: what was made of earlier events, and where it leaves what comes of one more. */
export interface Work {
  readonly now: Date;
  journey(orderId: string): Promise<OrderJourney | undefined>;
  account(kind: AccountKind, accountId: string): Promise<AccountFold | undefined>;
  tally(): Promise<Tally>;
  keep(event: KeptEvent): void;
  recordJourney(journey: OrderJourney, isNew: boolean): void;
  recordAccount(account: AccountFold, isNew: boolean): void;
  recordTally(tally: Tally): void;
  /** The event has come once more. */
  repeat(eventId: string): Promise<void>;
}

/** Says beforehand what an event will touch, so that a whole batch of events reads it in one round trip. */
export interface Announcements {
  journey(orderId: string): Announced;
  account(kind: AccountKind, accountId: string): Announced;
  tally(): Announced;
}
