import type { RequestHandler } from 'express';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-User-ID, X-Staff-API-Key, X-Request-ID, traceparent';
const ANSWER_HEADERS = 'ETag, Location, Link, Retry-After, Idempotency-Replayed, X-Request-ID';
const PREFLIGHT_AGE_S = '600';

/** Lets the pages of these origins call, and no other. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origin === undefined) return next();
    response.setHeader('vary', 'Origin');
    if (!allowed.has(origin)) return next();
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.setHeader('access-control-expose-headers', ANSWER_HEADERS);
      return next();
    }
    response.setHeader('access-control-allow-methods', METHODS);
    response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
    response.setHeader('access-control-max-age', PREFLIGHT_AGE_S);
    response.writeHead(204).end();
  };
}
