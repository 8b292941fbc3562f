import { bound, createApp, startHttpServer, type Problem, type Route, type TransactPort } from '@g-store/http';
import type { Health, ServiceLog, Timers } from '@g-store/runtime';
import { VERSION, type Composed, type Served } from '@g-store/service';
import type { Address } from './config.js';

export interface DoorOptions {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly address: Address;
  /** Which of the services' routes are served: the others are not for the users of an edition. */
  readonly serves: (path: string) => boolean;
  /** That the services share. */
  readonly health: Health;
  readonly log: ServiceLog;
}

/** Long enough for any answer, and short enough to be gone within two seconds of a signal. */
const GRACE_MS = 1_000;

/** Serves several services at one address; disposing it ends the requests in hand, then the services. */
export async function openDoor(
  parts: readonly [Composed<unknown>, ...Composed<unknown>[]],
  { name, title, description, address, serves, health, log }: DoorOptions,
): Promise<Served> {
  const { authenticate, settings, timers, clock, ids, metrics } = parts[0].foundation;
  const app = createApp({
    service: name,
    title,
    description,
    version: VERSION,
    routes: parts.flatMap((part) => routesOf(part).filter(({ declaration }) => serves(declaration.path))),
    refusal: (error) => firstOf(parts, ({ face }) => face.refusal?.(error)),
    authenticate,
    origins: settings.ALLOWED_ORIGINS,
    checkAnswers: settings.CHECK_ANSWERS,
    clock,
    ids,
    metrics,
    health,
    log: log.module('http'),
  });
  await untilReady(health, timers);
  const server = await startHttpServer(app, { ...address, timers, graceMs: GRACE_MS });
  const attached = await Promise.all(parts.map(({ face }) => face.attach?.(server)));
  const url = address.host === '' ? `http://localhost:${server.address.port}` : server.url;
  log.info({ url }, 'listening');
  return {
    url,
    async [Symbol.asyncDispose]() {
      health.drain();
      await server[Symbol.asyncDispose]();
      await Promise.all(parts.map(({ foundation }) => foundation.stopMessaging()));
      await Promise.all(attached.map((each) => each?.[Symbol.asyncDispose]()));
      await Promise.all(parts.map(({ foundation }) => foundation.close()));
    },
  };
}

/** Each route with the units of work and the refusals of its own service. */
const routesOf = ({ foundation, face }: Composed<unknown>): readonly Route[] =>
  face.routes.map((route) =>
    bound(route, {
      transact: foundation.transact as TransactPort<unknown, unknown>, // of the service that declares the route
      refusal: (error) => face.refusal?.(error),
    }),
  );

const firstOf = (
  parts: readonly Composed<unknown>[],
  ask: (part: Composed<unknown>) => Problem | undefined,
): Problem | undefined => parts.map(ask).find((problem) => problem !== undefined);

const LONGEST_WAIT_MS = 2_000;

/** Nobody who is let in should be told to come again; but what stays away must not keep the door shut. */
async function untilReady(health: Health, timers: Timers): Promise<void> {
  let late = false;
  using _limit = timers.after(LONGEST_WAIT_MS, () => (late = true));
  while (!late && !health.readiness().ready) await timers.sleep(10);
}
