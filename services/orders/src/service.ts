import { topics } from '@g-store/contracts';
import { systemRandomness } from '@g-store/runtime';
import { serve, startFoundation, type Adapters, type Served } from '@g-store/service';
import type { OrdersSettings } from './config.js';
import { customerRoutes } from './inbound/customer-routes.js';
import { paymentEvents } from './inbound/payment-events.js';
import { orderProblem } from './inbound/problems.js';
import { staffRoutes } from './inbound/staff-routes.js';
import { createOrderReader } from './outbound/order-reader.js';
import { announceRows, orderWorkIn } from './outbound/order-work.js';
import { orderTables } from './outbound/tables.js';

/** Orders, whole: its routes, its ear to payments and its relay; disposing it ends them in order. */
export async function startOrders(settings: OrdersSettings, adapters: Partial<Adapters> = {}): Promise<Served> {
  const { randomness = systemRandomness } = adapters;
  const foundation = await startFoundation({
    name: 'orders',
    settings,
    tables: orderTables,
    workIn: orderWorkIn(() => randomness.next()),
    subscriptions: paymentEvents(announceRows.order),
    tells: [topics.orderEvents],
    adapters,
  });
  const reader = createOrderReader(foundation.pool);
  const dependencies = { reader, announce: announceRows, currency: settings.CURRENCY };
  return serve(foundation, {
    title: 'Orders',
    description: 'Placing orders, following them and cancelling them; the store moves them on.',
    routes: [...customerRoutes(dependencies), ...staffRoutes(dependencies)],
    refusal: orderProblem,
  });
}
