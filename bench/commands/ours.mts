import { startUnitOfWork } from '@g-store/messaging';
import { createLog, createMetrics, systemClock, systemRandomness, systemTimers } from '@g-store/runtime';
import type { Contender, Databases } from './contender.mts';
import { asked, ids } from './order.mts';

const { placeOrder } = (await import(
  import.meta.resolve('../../services/orders/dist/application/orders.js')
)) as typeof import('../../services/orders/src/application/orders.js');
const { orderWorkIn } = (await import(
  import.meta.resolve('../../services/orders/dist/outbound/order-work.js')
)) as typeof import('../../services/orders/src/outbound/order-work.js');
const { orderTables } = (await import(
  import.meta.resolve('../../services/orders/dist/outbound/tables.js')
)) as typeof import('../../services/orders/src/outbound/tables.js');

/** The use case of the orders service in the unit of work that the service runs it in. */
export async function ours({ url }: Databases): Promise<Contender> {
  const unitOfWork = await startUnitOfWork({
    databaseUrl: url,
    tables: orderTables,
    clock: systemClock,
    ids,
    timers: systemTimers,
    randomness: systemRandomness,
    log: createLog({ service: 'bench', levels: 'warn' }),
    metrics: createMetrics({ service: 'bench' }),
    name: 'bench',
  });
  const workIn = orderWorkIn(Math.random);
  const { amount, ...rest } = asked;
  return {
    async place(userId) {
      const command = { ...rest, userId, wanted: { amount } };
      await unitOfWork.transact({ cause: { correlationId: userId } }, (rows) => placeOrder(workIn(rows), command));
    },
    [Symbol.asyncDispose]: () => unitOfWork[Symbol.asyncDispose](),
  };
}
