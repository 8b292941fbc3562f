import type { components } from '../generated/orders.js';

type ProblemBody = components['schemas']['Problem'];

/** The closed set of codes that a g-store refuses with. */
export type ProblemCode = ProblemBody['code'];

export interface FieldError {
  /** JSON Pointer into the body; `/name` for a path or query parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/** The shop's refusal, as it said it (RFC 9457). */
export class ShopProblem extends Error {
  override readonly name = 'ShopProblem';
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  /** A sentence in English; the code is what a page in other languages goes by. */
  readonly detail: string;
  /** What was wrong with each field. */
  readonly errors: readonly FieldError[];
  readonly traceId: string | undefined;
  /** Seconds after which it is worth asking again. */
  readonly retryAfter: number | undefined;
  /** The ETag that a conflict told of. */
  readonly etag: string | undefined;

  constructor(body: Partial<ProblemBody>, response: Pick<Response, 'status' | 'headers'>) {
    super(body.detail ?? body.title ?? `the shop answered ${response.status}`);
    this.status = response.status;
    this.code =
      body.code ?? codeByStatus[response.status] ?? (response.status >= 500 ? 'internal_error' : 'validation_failed');
    this.title = body.title ?? this.message;
    this.detail = this.message;
    this.errors = body.errors ?? [];
    this.traceId = body.traceId ?? response.headers.get('x-request-id') ?? undefined;
    this.retryAfter = secondsIn(response.headers.get('retry-after'));
    this.etag = response.headers.get('etag') ?? undefined;
  }

  /** What was wrong with this field, if anything was. */
  at(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.detail;
  }
}

/** There was no answer: the network is down, the shop is, or it took too long. What was asked may have been done or not. */
export class ShopUnreachable extends Error {
  override readonly name = 'ShopUnreachable';
}

/** `isProblem(error, 'insufficient_funds', 'balance_limit')`; without codes, any problem. */
export const isProblem = (error: unknown, ...codes: readonly ProblemCode[]): error is ShopProblem =>
  error instanceof ShopProblem && (codes.length === 0 || codes.includes(error.code));

/** For answers of the older dialects, which have errors of another shape. */
const codeByStatus: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  402: 'insufficient_funds',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  412: 'version_conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** The problem that an answer is. */
export async function problemIn(response: Response): Promise<ShopProblem> {
  const text = await response.text().catch(() => '');
  return new ShopProblem(bodyIn(text, response), response);
}

function bodyIn(text: string, { headers }: Response): Partial<ProblemBody> {
  if (!/\bjson\b/.test(headers.get('content-type') ?? '')) return text === '' ? {} : { detail: text.slice(0, 500) };
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** Only seconds are ever sent; a date would have to be held against a clock that may be wrong. */
export function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}
