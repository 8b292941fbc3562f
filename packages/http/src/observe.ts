import type { Clock, Log, Metrics } from '@g-store/runtime';
import { actorOf } from './caller.js';
import type { ExchangeOptions } from './exchange.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Nobody stayed for the answer. */
const CLIENT_GONE = 499;

/** One log line and the rate, errors and duration of every request, by route template. */
export function observeRequests({
  clock,
  log,
  metrics,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): ExchangeOptions['onClose'] {
  const total = metrics.counter('http_requests_total', 'Requests answered', ['method', 'route', 'status']);
  const duration = metrics.histogram(
    'http_request_duration_seconds',
    'Time to answer a request',
    ['method', 'route'],
    SECONDS,
  );
  const access = log.module('http');
  return ({ method }, response, { startedMs, route, caller, orderId, requestId, traceId }) => {
    const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
    const ms = clock.monotonicMs() - startedMs;
    total.inc({ method, route, status });
    duration.observe({ method, route }, ms / 1000);
    const line = {
      method,
      route,
      status,
      ms: Math.round(ms * 10) / 10,
      requestId,
      traceId,
      caller: caller && actorOf(caller),
      orderId,
    };
    if (isProbe(route)) access.debug(line, 'request');
    else access.info(line, 'request');
  };
}

const isProbe = (route: string): boolean => route === '/livez' || route === '/readyz' || route === '/metrics';
