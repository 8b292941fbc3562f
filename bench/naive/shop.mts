import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { customerOf, jsonOver, ORDER_AMOUNT, type Shop } from '../shop.mts';
import { naiveTopics } from './parts.mts';
import { startNaive, type NaiveOptions } from './start.mts';

export const naiveParts = ['orders', 'payments', 'notifications'] as const;

export interface NaiveShop extends Shop {
  cpuOf(part: (typeof naiveParts)[number]): number;
}

/**
 * The shop as one writes it at first: express, a transaction per request and per message, an outbox that is polled twice a
 * second. It is spared the gateway, tokens, validation, idempotency keys, history, double-entry and repeats.
 */
export async function startNaiveShop({
  connections,
  ...options
}: NaiveOptions & { readonly connections: number }): Promise<NaiveShop> {
  const services = await startNaive(naiveParts, naiveTopics, options);
  const orders = new Pool(services.addressOf('orders'), { connections });
  const payments = new Pool(services.addressOf('payments'), { connections: 2 });

  return {
    async customer() {
      const as = { 'x-user-id': randomUUID() };
      await jsonOver(payments)('POST', '/v1/accounts', 201, as, { balance: 1_000_000_000 });
      const json = jsonOver(orders);
      return customerOf({
        place: async () =>
          (await json<{ orderId: string }>('POST', '/v1/orders', 201, as, { amount: ORDER_AMOUNT })).orderId,
        status: async (id) => (await json<{ status: string }>('GET', `/v1/orders/${id}`, 200, as)).status,
        socket: () => new WebSocket(services.addressOf('notifications').replace('http', 'ws'), { headers: as }),
      });
    },
    cpuOf: (name) => services.cpuOf(name),
    async [Symbol.asyncDispose]() {
      await Promise.all([orders.close(), payments.close()]);
      await services[Symbol.asyncDispose]();
    },
  };
}
