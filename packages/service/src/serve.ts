import type { Express } from 'express';
import {
  createApp,
  startHttpServer,
  type AppOptions,
  type HttpServer,
  type Problem,
  type Reply,
  type Route,
} from '@g-store/http';
import { createAuditTrail } from '@g-store/messaging';
import type { Foundation } from './foundation.js';
import { followLogLevels } from './log-levels.js';
import { operationsRoutes } from './operations-routes.js';

export interface ServeOptions {
  readonly title: string;
  readonly description?: string;
  readonly routes: readonly Route[];
  /** A domain's refusal as a problem. */
  readonly refusal?: (error: unknown) => Problem | undefined;
  readonly unknownPath?: () => Reply;
  readonly ownApi?: AppOptions<never, never>['ownApi'];
  /** Takes part in the server beside the routes: a websocket endpoint. Closed after the consumers, before the database. */
  readonly attach?: (server: HttpServer) => Promise<AsyncDisposable> | AsyncDisposable;
  readonly sockets?: () => number;
}

/** A service that is whole but for its door: what a composition root makes, for `serve` or for an edition that has one door for several. */
export interface Composed<W> {
  readonly foundation: Foundation<W>;
  readonly face: ServeOptions;
}

export interface Served extends AsyncDisposable {
  readonly url: string;
}

export const VERSION = '0.1.0';

/**
 * Listens. Disposing stops in order: readiness goes red, nothing new is accepted, requests in hand finish, then the relay,
 * the consumers, the sockets, and the database last.
 */
export async function serve<W>(foundation: Foundation<W>, options: ServeOptions): Promise<Served> {
  const { name, settings, health, log, timers, ...rest } = foundation;
  const trail = createAuditTrail(foundation.pool, foundation);
  const levels = followLogLevels({ trail, log, clock: rest.clock, timers });
  const app: Express = createApp({
    service: name,
    title: options.title,
    ...(options.description && { description: options.description }),
    version: VERSION,
    routes: [
      ...options.routes,
      ...operationsRoutes(foundation, {
        trail,
        version: VERSION,
        ...(options.sockets && { sockets: options.sockets }),
      }),
    ],
    ...(options.refusal && { refusal: options.refusal }),
    ...(options.unknownPath && { unknownPath: options.unknownPath }),
    ...(options.ownApi && { ownApi: options.ownApi }),
    transact: rest.transact,
    authenticate: rest.authenticate,
    clock: rest.clock,
    ids: rest.ids,
    metrics: rest.metrics,
    ...(rest.tracing && { tracing: rest.tracing }),
    health,
    log: log.module('http'),
    trustedProxies: settings.TRUSTED_PROXIES,
    origins: settings.ALLOWED_ORIGINS,
    prefixes: [`/api/${name}`],
    checkAnswers: settings.CHECK_ANSWERS,
    audit: (entry) => log.module('audit').info({ ...entry }, 'audited'),
  });
  const server = await startHttpServer(app, { host: settings.HOST, port: settings.PORT, timers });
  const attached = await options.attach?.(server);
  log.info({ url: server.url, mode: settings.GSTORE_MODE }, 'listening');
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      health.drain();
      levels[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await foundation.stopMessaging();
      await attached?.[Symbol.asyncDispose]();
      await foundation.close();
    },
  };
}
