import type { Pool } from 'pg';
import type { Reader, Undecided } from '../application/reader.js';
import type { OrderStatus } from '../domain/order.js';
import type { Rule } from '../domain/reward.js';

/** Reads committed state on the pool; int8 comes as text, whatever parsers the pool has. */
export const createAccrualReader = (pool: Pick<Pool, 'query'>): Reader => ({
  order: async (number) => {
    const { rows } = await pool.query<FoundOrder>({
      name: 'order',
      text: 'SELECT number, status, reward::text, order_id, owner, issued FROM reward_order WHERE number = $1',
      values: [number],
    });
    const [row] = rows;
    if (row === undefined) return undefined;
    const { status, reward, order_id: orderId, owner, issued } = row;
    return {
      number,
      status,
      ...(reward === null ? {} : { reward: BigInt(reward) }),
      ...(orderId === null || owner === null ? {} : { shop: { orderId, owner, issued } }),
    };
  },

  rules: async () => {
    const { rows } = await pool.query<Omit<Rule, 'reward'> & { readonly reward: string }>({
      name: 'rules',
      text: 'SELECT match, reward::text, reward_type AS "rewardType" FROM reward_rule',
    });
    return rows.map((row) => ({ ...row, reward: BigInt(row.reward) }));
  },

  undecided: async (limit) => {
    const { rows } = await pool.query<Undecided>({
      name: 'undecided',
      text: `SELECT number, cause FROM reward_order WHERE status IN ('REGISTERED', 'PROCESSING') ORDER BY registered_at LIMIT $1`,
      values: [limit],
    });
    return rows;
  },
});

interface FoundOrder {
  readonly status: OrderStatus;
  readonly reward: string | null;
  readonly order_id: string | null;
  readonly owner: string | null;
  readonly issued: boolean;
}
