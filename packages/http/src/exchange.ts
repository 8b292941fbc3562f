import { withContext, type Clock, type Ids, type Span, type Tracing } from '@g-store/runtime';
import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from './caller.js';

/** What is known of one request on its way, apart from what it asks for. */
export interface Exchange {
  readonly requestId: string;
  readonly traceId: string;
  /** Of this service's own span. */
  readonly traceparent: string;
  readonly startedMs: number;
  /** What the gateway took off the front of the path; '' without. */
  readonly prefix: string;
  /** Names and values in turn that every answer gets, whatever it is. */
  readonly headers: string[];
  /** The template of the route that was met. */
  route: string;
  caller?: Caller;
  /** The order that it is about, as far as its route says so. */
  orderId?: string;
}

export const exchangeOf = (response: Response): Exchange => response.locals['exchange'] as Exchange;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tracing?: Tracing;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly prefixes: readonly string[];
  readonly onClose: (request: Request, response: Response, exchange: Exchange) => void;
}

/** Gives a request its id, its place in a trace and the prefix it came under; everything logged meanwhile names them. */
export function beginExchange({ clock, ids, tracing, headers, prefixes, onClose }: ExchangeOptions): RequestHandler {
  return (request, response, next) => {
    const own = ids.next();
    const hex = own.replaceAll('-', '');
    const requestId = requestIdIn(request) ?? own;
    const span = tracing?.start(request.method, { kind: 'server', parent: traceparentIn(request) });
    const traceparent = span?.traceparent ?? `00-${traceIdIn(request) ?? hex}-${hex.slice(16)}-01`;
    const traceId = traceparent.slice(3, 35);
    const exchange: Exchange = {
      requestId,
      traceId,
      traceparent,
      startedMs: clock.monotonicMs(),
      prefix: prefixIn(request, prefixes),
      headers: [...headers, 'x-request-id', requestId],
      route: 'unknown',
    };
    response.locals['exchange'] = exchange;
    response.on('close', () => {
      onClose(request, response, exchange);
      if (span) endSpan(span, request, response, exchange);
    });
    withContext({ requestId, traceId }, next);
  };
}

function requestIdIn({ headers }: Request): string | undefined {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.-]{8,64}$/.test(sent) ? sent : undefined;
}

function endSpan(span: Span, { method }: Request, { statusCode }: Response, { route, orderId }: Exchange): void {
  span.rename(`${method} ${route}`);
  span.set({
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': statusCode,
    ...(orderId !== undefined && { 'gstore.order.id': orderId }),
  });
  span.end(statusCode >= 500 ? new Error() : undefined);
}

const traceparentIn = ({ headers: { traceparent } }: Request): string | undefined =>
  typeof traceparent === 'string' ? traceparent : undefined;

function traceIdIn(request: Request): string | undefined {
  const traceparent = traceparentIn(request);
  if (traceparent === undefined) return undefined;
  const [, traceId, parentId] =
    /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/.exec(traceparent) ?? [];
  return traceId === undefined || /^0+$/.test(traceId) || parentId === '0000000000000000' ? undefined : traceId;
}

function prefixIn(request: Request, prefixes: readonly string[]): string {
  const sent = request.headers['x-forwarded-prefix'];
  if (typeof sent !== 'string' || !trusts(request)) return '';
  const prefix = sent.replace(/\/$/, '');
  return prefixes.includes(prefix) ? prefix : '';
}

function trusts(request: Request): boolean {
  const trust = request.app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return trust(request.socket.remoteAddress ?? '', 0);
}
