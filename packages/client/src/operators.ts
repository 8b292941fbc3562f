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
  /** Null: it came without any. */
  readonly headers?: Readonly<Record<string, string>> | null;
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
