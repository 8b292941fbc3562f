import createKnex from 'knex';
import { POOL, type Contender, type Databases } from './contender.mts';
import { orderToStore } from './order.mts';

/** A knex transaction per order, as its guide writes it. */
export function knexTransaction({ url }: Databases): Contender {
  const knex = createKnex({ client: 'pg', connection: url, pool: { min: 0, max: POOL } });
  return {
    async place(userId) {
      const { order, outbox } = orderToStore(userId);
      await knex.transaction(async (transaction) => {
        await transaction('orders').insert({
          id: order.id,
          number: order.number,
          user_id: order.userId,
          amount: String(order.amount),
          currency: order.currency,
          points_to_spend: String(order.pointsToSpend),
          status: order.status,
          description: order.description,
          items: JSON.stringify(order.items),
          version: order.version,
          created_at: order.createdAt,
          updated_at: order.updatedAt,
        });
        await transaction('order_history').insert({
          order_id: order.id,
          version: order.version,
          status: order.status,
          actor: order.userId,
          at: order.createdAt,
        });
        const { topic, part, key, body, eventId } = outbox;
        await transaction('outbox').insert({ topic, part, key, body, event_id: eventId, created_at: order.createdAt });
      });
    },
    [Symbol.asyncDispose]: () => knex.destroy(),
  };
}
