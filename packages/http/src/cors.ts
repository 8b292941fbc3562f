import type { RequestHandler } from 'express';
import { exchangeOf } from './exchange.js';
import { send } from './send.js';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-User-ID, X-Staff-API-Key, traceparent';
const ANSWER_HEADERS = 'ETag, Location, Link, Retry-After, Idempotency-Replayed';
const PREFLIGHT_AGE_S = '600';

/** Lets the pages of these origins call, and no other. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origin === undefined) return next();
    const { headers } = exchangeOf(response);
    headers.push('vary', 'Origin');
    if (!allowed.has(origin)) return next();
    headers.push('access-control-allow-origin', origin, 'access-control-allow-credentials', 'true');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      headers.push('access-control-expose-headers', ANSWER_HEADERS);
      return next();
    }
    headers.push('access-control-allow-methods', METHODS, 'access-control-allow-headers', REQUEST_HEADERS);
    send(request, response, { status: 204, headers: { 'access-control-max-age': PREFLIGHT_AGE_S } });
  };
}
