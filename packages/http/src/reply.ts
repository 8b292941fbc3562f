export type Headers = Readonly<Record<string, string>>;

/**
 * What a route answers. Header names are lower case. A body is JSON (bigints are written as integers, dates as RFC 3339),
 * or, when the headers name another content type, a string sent as it is.
 */
export interface Reply {
  readonly status: number;
  readonly headers?: Headers;
  readonly body?: unknown;
  /** Sent piece by piece instead of `body`, for as long as the caller listens; never out of `transact`. */
  readonly stream?: AsyncIterable<string>;
  /** Packed with gzip if the caller takes that and it is worth it. Not for what holds secrets beside what a caller chose. */
  readonly gzip?: boolean;
}

/** In `answers`: this status comes without a body. */
export const none = Symbol('no body');

export const ok = (body?: unknown, headers?: Headers): Reply => replied(200, body, headers);

export const accepted = (body?: unknown, headers?: Headers): Reply => replied(202, body, headers);

export const noContent = (headers?: Headers): Reply => replied(204, undefined, headers);

/** `location` is a path of this service; behind the gateway its prefix is put before it. */
export const created = (body: unknown, { location, etag }: { location?: string; etag?: string } = {}): Reply =>
  replied(201, body, { ...(location && { location }), ...(etag && { etag }) });

/** A body in words; `type` for anything but plain text. */
export const text = (body: string, { status = 200, type = 'text/plain; charset=utf-8', headers = {} } = {}): Reply =>
  replied(status, body, { ...headers, 'content-type': type });

const replied = (status: number, body: unknown, headers: Headers | undefined): Reply => ({
  status,
  ...(headers && { headers }),
  ...(body !== undefined && { body }),
});
