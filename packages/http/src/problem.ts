import type { Reply } from './reply.js';

/** Every code that an error answer can carry, and the status it comes with. */
export const statusByCode = {
  validation_failed: 400,
  invalid_status: 400,
  points_unavailable: 400,
  unauthenticated: 401,
  insufficient_funds: 402,
  forbidden: 403,
  not_found: 404,
  journey_not_found: 404,
  method_not_allowed: 405,
  login_taken: 409,
  order_already_cancelled: 409,
  order_not_cancellable: 409,
  invalid_transition: 409,
  account_exists: 409,
  insufficient_points: 409,
  price_changed: 409,
  balance_limit: 409,
  idempotency_key_in_use: 409,
  version_conflict: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
} as const satisfies Record<string, number>;

export type Code = keyof typeof statusByCode;

export const titleByCode: Readonly<Record<Code, string>> = {
  validation_failed: 'The request is not valid',
  invalid_status: 'There is no such status',
  points_unavailable: 'Points cannot be spent here',
  unauthenticated: 'Sign in first',
  insufficient_funds: 'Not enough money',
  forbidden: 'Not yours to do',
  not_found: 'There is no such thing',
  journey_not_found: 'Nothing was heard of this order',
  method_not_allowed: 'Not with this method',
  login_taken: 'The login is taken',
  order_already_cancelled: 'The order is cancelled already',
  order_not_cancellable: 'The order can no longer be cancelled',
  invalid_transition: 'It cannot go there from where it is',
  account_exists: 'There is an account already',
  insufficient_points: 'Not enough points',
  price_changed: 'A price has changed',
  balance_limit: 'The balance would grow too large',
  idempotency_key_in_use: 'A request with this Idempotency-Key is still running',
  version_conflict: 'It has changed meanwhile',
  payload_too_large: 'The request is too large',
  unsupported_media_type: 'This kind of content is not read here',
  idempotency_key_reused: 'The Idempotency-Key was used for something else',
  rate_limited: 'Too many requests',
  internal_error: 'Something went wrong on our side',
  unavailable: 'Not available at the moment',
};

export interface FieldError {
  /** JSON Pointer into the body; `/name` for a path or query parameter. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemExtra {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** For a dialect that answers this code with another status. */
  readonly status?: number;
}

/** An error answer (RFC 9457). Thrown anywhere in a handler; inside `transact` it becomes the reply that is kept. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;

  constructor(
    readonly code: Code,
    readonly detail: string = titleByCode[code],
    readonly extra: ProblemExtra = {},
  ) {
    super(detail);
    this.status = extra.status ?? statusByCode[code];
  }
}

export const problemContentType = 'application/problem+json';

/** The reply of a problem without what belongs to one request alone (`instance`, `traceId`): it can be kept and sent again. */
export const replyOf = ({ code, detail, status, extra }: Problem): Reply => ({
  status,
  headers: { 'content-type': problemContentType, ...headersByStatus[status], ...extra.headers },
  body: {
    type: `/problems/${code}`,
    title: titleByCode[code],
    status,
    detail,
    code,
    error: detail,
    ...(extra.errors && { errors: extra.errors }),
  },
});

const headersByStatus: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  429: { 'retry-after': '1' },
  503: { 'retry-after': '1' },
};
