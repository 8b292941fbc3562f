import { topics } from '@g-store/contracts';
import { systemRandomness } from '@g-store/runtime';
import { serve, startFoundation, type Adapters, type Served } from '@g-store/service';
import type { OrdersSettings } from './config.js';
import { customerRoutes } from './inbound/customer-routes.js';
import { onlineShopRoutes } from './inbound/online-shop-routes.js';
import { paymentEvents } from './inbound/payment-events.js';
import { pointsEvents } from './inbound/points-events.js';
import { orderProblem } from './inbound/problems.js';
import { staffRoutes } from './inbound/staff-routes.js';
import { createOrderReader } from './outbound/order-reader.js';
import { announceReward, announceRows, orderWorkIn } from './outbound/order-work.js';
import { orderTables } from './outbound/tables.js';

/** Orders, whole: its routes, its ear to payments and points and its relay; disposing it ends them in order. */
export async function startOrders(settings: OrdersSettings, adapters: Partial<Adapters> = {}): Promise<Served> {
  const { randomness = systemRandomness } = adapters;
  const foundation = await startFoundation({
    name: 'orders',
    settings,
    tables: orderTables,
    workIn: orderWorkIn(() => randomness.next()),
    // Points too when it is switched off: orders placed before that still wait for its answers.
    subscriptions: [
      ...paymentEvents(announceRows.order),
      ...pointsEvents({ order: announceRows.order, reward: announceReward }),
    ],
    tells: [topics.orderEvents],
    adapters,
  });
  const reader = createOrderReader(foundation.pool);
  const stuck = foundation.metrics.gauge('saga_stuck', 'Orders that have been PENDING for too long');
  foundation.sampling.add(async () => stuck.set(await reader.pendingFor(settings.STUCK_AFTER_SECONDS)));
  const { CURRENCY: currency, POINTS_ENABLED: takesPoints } = settings;
  const dependencies = { reader, announce: announceRows, currency, takesPoints };
  return serve(foundation, {
    title: 'Orders',
    description: 'Placing orders, following them and cancelling them; the store moves them on.',
    routes: [...customerRoutes(dependencies), ...staffRoutes(dependencies), ...onlineShopRoutes(dependencies)],
    refusal: orderProblem,
  });
}
