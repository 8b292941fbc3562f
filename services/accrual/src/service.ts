import { topics } from '@g-store/contracts';
import { ok } from '@g-store/http';
import { serve, startFoundation } from '@g-store/service';
import type { Adapters, Served } from '@g-store/service';
import { startCalculator } from './application/calculator.js';
import type { Calculator } from './application/calculator.js';
import type { AccrualSettings } from './config.js';
import { accrualRoutes } from './inbound/accrual-routes.js';
import { orderEvents } from './inbound/order-events.js';
import { refusal } from './inbound/problems.js';
import { createAccrualReader } from './outbound/accrual-reader.js';
import { accrualWorkIn, announcements } from './outbound/accrual-work.js';
import { accrualTables } from './outbound/tables.js';

/** Accrual, whole: rules, orders, calculation, inbox, relay and HTTP; ends them in order when it is disposed. */
export async function startAccrual(
  settings: AccrualSettings,
  adapters: Partial<Adapters> = {},
  { open = false }: { /** For everybody, without a credential. */ readonly open?: boolean } = {},
): Promise<Served> {
  let calculator: Calculator | undefined;
  const wake = (): void => calculator?.wake();
  const foundation = await startFoundation({
    name: 'accrual',
    settings,
    tables: accrualTables,
    workIn: accrualWorkIn,
    subscriptions: orderEvents(announcements),
    tells: [topics.accrualEvents],
    adapters,
  });
  const { pool, clock, timers, log } = foundation;
  const reader = createAccrualReader(pool);
  const started = (calculator = startCalculator({
    reader,
    announcements,
    transact: async (announced, run) => {
      await foundation.transact({ cause: { correlationId: foundation.ids.next() } }, announced, async (work) => {
        await run(work);
        return ok();
      });
    },
    timers,
    log: log.module('calculator'),
  }));
  return serve(foundation, {
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
  });
}
