import { withContext, type Clock, type Ids } from '@g-store/runtime';
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
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly prefixes: readonly string[];
  readonly onClose: (request: Request, response: Response, exchange: Exchange) => void;
}

/** Gives a request its id, its place in a trace and the prefix it came under; everything logged meanwhile names them. */
export function beginExchange({ clock, ids, headers, prefixes, onClose }: ExchangeOptions): RequestHandler {
  return (request, response, next) => {
    const own = ids.next();
    const hex = own.replaceAll('-', '');
    const requestId = requestIdIn(request) ?? own;
    const traceId = traceIdIn(request) ?? hex;
    const exchange: Exchange = {
      requestId,
      traceId,
      traceparent: `00-${traceId}-${hex.slice(16)}-01`,
      startedMs: clock.monotonicMs(),
      prefix: prefixIn(request, prefixes),
      headers: [...headers, 'x-request-id', requestId],
      route: 'unknown',
    };
    response.locals['exchange'] = exchange;
    response.on('close', () => onClose(request, response, exchange));
    withContext({ requestId, traceId }, next);
  };
}

function requestIdIn({ headers }: Request): string | undefined {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.-]{8,64}$/.test(sent) ? sent : undefined;
}

function traceIdIn({ headers }: Request): string | undefined {
  const { traceparent } = headers;
  if (typeof traceparent !== 'string') return undefined;
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
