import type { Clock, Health, Ids, Log, Metrics, Tracing } from '@g-store/runtime';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { answerRoute, type AnswerOptions } from './answer.js';
import type { AuditEntry } from './audit.js';
import type { Authenticate } from './authenticate.js';
import { builtInRoutes, type Parts } from './built-in-routes.js';
import { allowOrigins } from './cors.js';
import { mountDocs, type OwnApi } from './docs.js';
import { beginExchange, exchangeOf } from './exchange.js';
import { toProblem } from './faults.js';
import { observeRequests } from './observe.js';
import { openApiDocument } from './openapi.js';
import { Problem, replyOf } from './problem.js';
import type { Reply } from './reply.js';
import type { Route, TransactPort } from './route.js';
import { send } from './send.js';
import { securityHeaders } from './security-headers.js';
import { routesByPath } from './table.js';

export interface AppOptions<Work, Announced> {
  readonly service: string;
  readonly title: string;
  readonly description?: string;
  readonly version: string;
  readonly routes: readonly Route[];
  /** A domain's refusal as a problem; undefined for anything else, which is a fault. */
  readonly refusal?: (error: unknown) => Problem | undefined;
  readonly transact?: TransactPort<Work, Announced>;
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Without one a request still has a place in its trace, which nobody is told of. */
  readonly tracing?: Tracing;
  /** Addresses and CIDRs whose `X-Forwarded-*` are believed. */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may call. */
  readonly origins?: readonly string[];
  /** The only values of `X-Forwarded-Prefix` that are believed, as `/api/orders`. */
  readonly prefixes?: readonly string[];
  /** More parts that `/readyz` asks. */
  readonly readyz?: () => Parts;
  readonly audit?: (entry: AuditEntry) => void;
  /** What `/docs/` shows instead of the whole. */
  readonly ownApi?: OwnApi;
  /** Answers paths that no route has, for a dialect with an envelope of its own. */
  readonly unknownPath?: () => Reply;
  /** For tests: an answer that its route does not declare is a fault. */
  readonly checkAnswers?: boolean;
}

/** The whole HTTP face of a service: its routes, and what every service answers beside them. */
export function createApp<Work = never, Announced = never>(options: AppOptions<Work, Announced>): Express {
  const { title, trustedProxies = [], prefixes = [], origins = [] } = options;
  const app = express().disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.set('query parser', false).set('trust proxy', [...trustedProxies]);
  app.use(beginExchange({ ...options, prefixes, headers: securityHeaders(), onClose: observeRequests(options) }));
  app.use(allowOrigins(origins));
  mountRoutes(app, allRoutes(options), toAnswerOptions(options));
  mountDocs(app, title, options.ownApi);
  app.use(answerWith(options.unknownPath ?? (() => replyOf(new Problem('not_found')))));
  app.use(answerErrors(options.log));
  return app;
}

/** Every route of an app, its own and those that all services have: what its router and its security matrix are made of. */
export function allRoutes<Work, Announced>(options: AppOptions<Work, Announced>): readonly Route[] {
  const { routes, health, metrics, readyz = () => ({}), ownApi } = options;
  const documents = {
    '/swagger/doc.json': once(() => openApiDocument(options)),
    ...(ownApi && {
      '/docs/doc.json': once(() => openApiDocument({ ...options, ...ownApi, routes: partOf(routes, ownApi) })),
    }),
  };
  return [...routes, ...builtInRoutes({ health, metrics, readyz, documents })];
}

const partOf = (routes: readonly Route[], { tag }: OwnApi): readonly Route[] =>
  routes.filter(({ declaration }) => declaration.tags?.includes(tag));

function once(make: () => object): () => object {
  let made: object | undefined;
  return () => (made ??= make());
}

function mountRoutes(app: Express, routes: readonly Route[], options: AnswerOptions): void {
  for (const [path, samePath] of routesByPath(routes)) {
    const methods = samePath.map(({ declaration }) => declaration.method.toUpperCase());
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    const mounted = app.route(path);
    const problemAs = samePath.find(({ declaration }) => declaration.problemAs)?.declaration.problemAs ?? replyOf;
    for (const route of samePath) mounted[route.declaration.method](answerRoute(route, options));
    mounted.all((request, response) => {
      exchangeOf(response).route = path;
      if (request.method === 'OPTIONS') return send(request, response, { status: 204, headers: { allow } });
      send(request, response, problemAs(new Problem('method_not_allowed', `${allow} only`, { headers: { allow } })));
    });
  }
}

const answerWith =
  (reply: () => Reply): RequestHandler =>
  (request, response) =>
    send(request, response, reply());

/** What Express itself refuses before a route has a say: a path that cannot be decoded. */
const answerErrors =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    if (response.headersSent) return void response.destroy();
    const isClients = error instanceof URIError;
    const problem = isClients
      ? new Problem('validation_failed', 'the path is not valid')
      : toProblem(error, { log, refusal: () => undefined });
    send(request, response, replyOf(problem));
  };

const toAnswerOptions = <Work, Announced>(options: AppOptions<Work, Announced>): AnswerOptions => ({
  authenticate: options.authenticate,
  refusal: options.refusal ?? (() => undefined),
  transact: (options.transact ?? withoutWork) as TransactPort<unknown, unknown>, // routes and port are typed by the same createRouting
  clock: options.clock,
  log: options.log,
  audit: options.audit,
  checkAnswers: options.checkAnswers ?? false,
});

const withoutWork = (): Promise<never> => Promise.reject(new Error('this app was made without transact'));
