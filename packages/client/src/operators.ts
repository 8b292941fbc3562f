// What operators ask, until it is made from the OpenAPI documents like the rest: contracts.md, part 10.

export interface PartState {
  readonly ok: boolean;
  readonly detail?: string;
}

export interface ServiceStatus {
  readonly service: string;
  readonly version: string;
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, PartState>>;
  /** Missing where nothing is published. */
  readonly outbox?: {
    readonly pending: number;
    readonly oldestSeconds: number;
    readonly leader: boolean;
    readonly paused: boolean;
    /** False: the figures are the last known. */
    readonly connected: boolean;
  };
  /** Missing where nothing is heard. */
  readonly inbox?: {
    readonly paused: boolean;
    /** Messages not handled yet, by `topic/partition`. */
    readonly lag: Readonly<Record<string, number>>;
    readonly lagSeconds?: number;
  };
  readonly parked: number;
  readonly sockets: number;
}

export type ParkedState = 'waiting' | 'superseded' | 'released' | 'dropped';

export interface ParkedMessage {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly eventId: string | null;
  readonly version: number | null;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  readonly state: ParkedState;
  readonly parkedAt: string;
  readonly ageSeconds?: number;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly note: string | null;
}

export interface ParkedMessageWhole extends ParkedMessage {
  /** Base64. */
  readonly raw: string;
  readonly decoded: unknown;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** What a release did with a key: how many ran, and what stopped it, if anything. */
export interface Released {
  readonly released: number;
  readonly stopped?: { readonly id: string; readonly error: string };
}

export interface OperatorAct {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly outcome?: string;
}

interface Page {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}
interface Answers<T, Status extends number = 200> {
  readonly responses: { readonly [S in Status]: { readonly content: { readonly 'application/json': T } } };
}
interface Empty {
  readonly responses: { readonly 204: { readonly content?: never } };
}
interface Asks<Query> {
  readonly parameters: { readonly query?: Query };
}
interface Of<Path> {
  readonly parameters: { readonly path: Path };
}
interface Says<Body> {
  readonly requestBody: { readonly content: { readonly 'application/json': Body } };
}

interface ParkedFilter extends Page {
  readonly topic?: string | undefined;
  readonly key?: string | undefined;
  readonly state?: ParkedState | undefined;
}
interface ReleaseAll {
  readonly topic?: string;
  readonly key?: string;
  readonly rate: number;
}
type OneParked = Of<{ readonly id: string }>;

/** Every service has these. */
export interface OperationsPaths {
  readonly '/v1/operations/status': { readonly get: Answers<ServiceStatus> };
  readonly '/v1/operations/parked': {
    readonly get: Asks<ParkedFilter> &
      Answers<{ readonly parked: readonly ParkedMessage[]; readonly nextCursor: string | null }>;
  };
  readonly '/v1/operations/parked/{id}': { readonly get: OneParked & Answers<ParkedMessageWhole> };
  readonly '/v1/operations/parked/{id}/release': { readonly post: OneParked & Answers<Released> };
  readonly '/v1/operations/parked/{id}/drop': { readonly post: OneParked & Says<{ readonly reason: string }> & Empty };
  readonly '/v1/operations/parked/release': {
    readonly post: Says<ReleaseAll> & Answers<{ readonly keys: number }, 202>;
  };
  readonly '/v1/operations/relay/pause': { readonly post: Empty };
  readonly '/v1/operations/relay/resume': { readonly post: Empty };
  readonly '/v1/operations/consumers/pause': { readonly post: Empty };
  readonly '/v1/operations/consumers/resume': { readonly post: Empty };
  readonly '/v1/operations/audit': {
    readonly get: Asks<Page> & Answers<{ readonly acts: readonly OperatorAct[]; readonly nextCursor: string | null }>;
  };
}

/** An event as the journal keeps it. */
export interface HeardEvent {
  readonly id: string;
  readonly type: string;
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly version: number;
  readonly orderId: string | null;
  readonly account: string | null;
  readonly occurredAt: string;
  readonly heardAt: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceId: string | null;
  /** Decoded; what is personal is masked. */
  readonly value: unknown;
}

export interface JourneyStep extends HeardEvent {
  /** Since its cause. */
  readonly afterMs: number | null;
  readonly compensation: boolean;
  readonly repeats: number;
}

export type WaitStep = 'payment' | 'points' | 'order' | 'refund' | 'return';

export interface Journey {
  readonly orderId: string;
  readonly customerId: string | null;
  readonly status: string | null;
  readonly version: number;
  readonly amount: number | null;
  readonly pointsToSpend: number | null;
  readonly charged: number;
  readonly refunded: number;
  readonly pointsSpent: number;
  readonly pointsReturned: number;
  readonly pointsEarned: number;
  readonly traceIds: readonly string[];
  readonly startedAt: string;
  readonly lastAt: string;
  readonly durationMs: number;
  readonly waitsFor: { readonly step: WaitStep; readonly since: string; readonly stuck: boolean } | null;
  readonly fault: 'refund_exceeds_charge' | 'return_exceeds_spending' | null;
  /** In causal order. */
  readonly steps: readonly JourneyStep[];
}

export interface StuckOrder {
  readonly orderId: string;
  readonly customerId: string | null;
  readonly status: string | null;
  readonly step: WaitStep;
  readonly since: string;
  readonly forSeconds: number;
}

export interface Invariant {
  readonly name:
    'money_conserved' | 'refunds_within_charges' | 'points_equal_fold' | 'events_published' | 'no_order_stuck';
  readonly state: 'holds' | 'broken' | 'unknown';
  /** How many rows were looked at. */
  readonly looked: number;
  readonly checkedAt: string | null;
  /** The first of them. */
  readonly mismatches: readonly {
    readonly orderId: string | null;
    readonly account: string | null;
    readonly detail: string;
  }[];
  readonly mismatchCount: number;
}

export interface Invariants {
  readonly checkedAt: string | null;
  readonly items: readonly Invariant[];
}

interface EventsFilter extends Page {
  readonly type?: string | undefined;
  readonly service?: string | undefined;
  readonly orderId?: string | undefined;
  readonly account?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface JournalPaths {
  readonly '/v1/journeys/{orderId}': { readonly get: Of<{ readonly orderId: string }> & Answers<Journey> };
  readonly '/v1/events': {
    readonly get: Asks<EventsFilter> &
      Answers<{ readonly items: readonly HeardEvent[]; readonly nextCursor: string | null }>;
  };
  readonly '/v1/stuck': {
    readonly get: Asks<Page> &
      Answers<{
        readonly limitSeconds: number;
        readonly items: readonly StuckOrder[];
        readonly nextCursor: string | null;
      }>;
  };
  readonly '/v1/invariants': { readonly get: Answers<Invariants> };
}
