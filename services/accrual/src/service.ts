import { topics } from '@g-store/contracts';
import { ok } from '@g-store/http';
import type { JsonWebKeySet } from '@g-store/http';
import { serve, startFoundation } from '@g-store/service';
import type { Adapters, Composed, Served, ServeOptions } from '@g-store/service';
import { startCalculator } from './application/calculator.js';
import type { Calculator } from './application/calculator.js';
import type { Work } from './application/work.js';
import type { AccrualSettings } from './config.js';
import { accrualRoutes } from './inbound/accrual-routes.js';
import { orderEvents } from './inbound/order-events.js';
import { refusal } from './inbound/problems.js';
import { createAccrualReader } from './outbound/accrual-reader.js';
import { accrualWorkIn, announcements } from './outbound/accrual-work.js';
import { accrualTables } from './outbound/tables.js';

export interface AccrualOptions {
  /** For everybody, without a credential. */
  readonly open?: boolean;
  /** In place of `JWKS_URL`, where nobody serves keys. */
  readonly keys?: () => Promise<JsonWebKeySet>;
}

/** Accrual, whole: rules, orders, calculation, inbox, relay and HTTP; ends them in order when it is disposed. */
export async function startAccrual(
  settings: AccrualSettings,
  adapters: Partial<Adapters> = {},
  options: AccrualOptions = {},
): Promise<Served> {
  const { foundation, face } = await composeAccrual(settings, adapters, options);
  return serve(foundation, face);
}

/** Accrual but for its door. */
export async function composeAccrual(
  settings: AccrualSettings,
  adapters: Partial<Adapters>,
  { open = false, keys }: AccrualOptions = {},
): Promise<Composed<Work>> {
  let calculator: Calculator | undefined;
  const wake = (): void => calculator?.wake();
  const foundation = await startFoundation({
    name: 'accrual',
    settings,
    tables: accrualTables,
    workIn: accrualWorkIn,
    subscriptions: orderEvents(announcements),
    tells: [topics.accrualEvents],
    ...(keys && { keys }),
    adapters,
  });
  const { pool, clock, timers, log } = foundation;
  const reader = createAccrualReader(pool);
  const started = (calculator = startCalculator({
    reader,
    announcements,
    transact: async (cause, announced, run) => {
      await foundation.transact(
        { cause: cause ?? { correlationId: foundation.ids.next() } },
        announced,
        async (work) => {
          await run(work);
          return ok();
        },
      );
    },
    timers,
    log: log.module('calculator'),
  }));
  const face: ServeOptions = {
    title: 'Accrual',
    description: 'What goods are rewarded with, and what orders have earned.',
    routes: accrualRoutes({
      reader,
      announcements,
      onRegistered: wake,
      requestsPerMinute: settings.ACCRUAL_REQUESTS_PER_MINUTE,
      clock,
      open,
    }),
    refusal,
    attach: () => started,
  };
  return { foundation, face };
}
