import type { OrderJourney, Step } from '../domain/order-journey.js';
import type { KeptEvent } from './work.js';

export type StepEvent = KeptEvent & { readonly repeats: number };

export interface Journey {
  readonly order: OrderJourney;
  readonly events: readonly StepEvent[];
}

/** Which events; `from` and `to` by the time in their ids, the second not included. */
export interface EventFilter {
  /** Any of these. */
  readonly types?: readonly string[];
  readonly orderId?: string;
  readonly accountId?: string;
  readonly from?: Date;
  readonly to?: Date;
}

export interface Stuck {
  readonly orderId: string;
  readonly owner: string;
  readonly status: string;
  readonly step: Step;
  readonly since: Date;
}

/** Nothing was heard of it since the second, and what it waits for was due before. */
export interface StuckPage {
  readonly before: Date;
  readonly after?: { readonly since: Date; readonly orderId: string };
  readonly limit: number;
}

/** What may be read of the journal. */
export interface Reader {
  journey(orderId: string): Promise<Journey | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  events(
    filter: EventFilter,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly KeptEvent[]>;
  event(eventId: string): Promise<KeptEvent | undefined>;
  /** The number of the newest event: where whoever begins to follow begins. */
  newest(): Promise<bigint>;
  /** What has arrived after this number, in the order of arrival. */
  arrived(after: bigint, filter: EventFilter, limit: number): Promise<readonly KeptEvent[]>;
  /** The longest first. */
  stuck(page: StuckPage): Promise<readonly Stuck[]>;
}
