import { topics } from '@g-store/contracts';
import { serve, startFoundation } from '@g-store/service';
import type { Adapters, Served } from '@g-store/service';
import type { PaymentsSettings } from './config.js';
import { accountRoutes } from './inbound/account-routes.js';
import { onlineShopRoutes } from './inbound/online-shop-routes.js';
import { orderEvents } from './inbound/order-events.js';
import { refusal } from './inbound/problems.js';
import { createLedgerReader } from './outbound/ledger-reader.js';
import { announcements, ledgerWorkIn, paymentTables } from './outbound/ledger-work.js';

/** Payments, whole: ledger, inbox, relay and HTTP; ends them in order when it is disposed. */
export async function startPayments(settings: PaymentsSettings, adapters: Partial<Adapters> = {}): Promise<Served> {
  const foundation = await startFoundation({
    name: 'payments',
    settings,
    tables: paymentTables,
    workIn: ledgerWorkIn,
    subscriptions: orderEvents(announcements),
    tells: [topics.paymentEvents],
    adapters,
  });
  const reader = createLedgerReader(foundation.pool);
  const dependencies = { reader, announcements, currency: settings.CURRENCY };
  return serve(foundation, {
    title: 'Payments',
    description: 'Accounts, top-ups and statements. What orders cost is charged, refunded and settled by events.',
    routes: [...accountRoutes(dependencies), ...onlineShopRoutes(dependencies)],
    refusal,
  });
}
