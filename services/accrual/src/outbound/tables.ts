import { table } from '@g-store/messaging';
import type { Cause, Row, Table } from '@g-store/messaging';
import type { Order, OrderStatus } from '../domain/order.js';
import type { Good, Rule } from '../domain/reward.js';

/** Never changed, so never locked: of two who add the same match the unique key sends one back to see the other's. */
export const rules = table<Rule>({
  name: 'reward_rule',
  role: 'dependent',
  columns: { match: ['match', 'text'], reward: ['reward', 'bigint'], rewardType: ['reward_type', 'text'] },
  keys: [['match']],
});

export interface OrderRow {
  readonly number: string;
  /** Prices are text: a JSON number is not exact everywhere. */
  readonly goods: readonly { readonly description: string; readonly price: string; readonly quantity: number }[];
  readonly status: OrderStatus;
  readonly reward: bigint | null;
  readonly orderId: string | null;
  readonly owner: string | null;
  readonly issued: boolean;
  readonly version: number;
  readonly registeredAt: Date;
  readonly decidedAt: Date | null;
  /** Of its registration; null for those of before it was kept. */
  readonly cause: Cause | null;
}

export const orders = table<OrderRow>({
  name: 'reward_order',
  role: 'guard',
  columns: {
    number: ['number', 'text'],
    goods: ['goods', 'jsonb'],
    status: ['status', 'text'],
    reward: ['reward', 'bigint'],
    orderId: ['order_id', 'uuid'],
    owner: ['owner', 'text'],
    issued: ['issued', 'boolean'],
    version: ['version', 'integer'],
    registeredAt: ['registered_at', 'timestamptz'],
    decidedAt: ['decided_at', 'timestamptz'],
    cause: ['cause', 'jsonb'],
  },
  keys: [['number'], ['orderId']],
  version: 'version',
  immutable: ['goods', 'registeredAt'],
});

/** Locked and written in this order everywhere. */
export const accrualTables = [rules, orders] as unknown as readonly Table<Row>[];

export const toOrderRow = ({ goods, reward, shop, decidedAt, ...order }: Order, cause: Cause | null): OrderRow => ({
  ...order,
  goods: goods.map((good) => ({ ...good, price: String(good.price) })),
  reward: reward ?? null,
  orderId: shop?.orderId ?? null,
  owner: shop?.owner ?? null,
  issued: shop?.issued ?? false,
  decidedAt: decidedAt ?? null,
  cause,
});

export const toOrder = ({ goods, reward, orderId, owner, issued, decidedAt, cause: _, ...order }: OrderRow): Order => ({
  ...order,
  goods: goods.map((good): Good => ({ ...good, price: BigInt(good.price) })),
  ...(reward === null ? {} : { reward }),
  ...(orderId === null || owner === null ? {} : { shop: { orderId, owner, issued } }),
  ...(decidedAt === null ? {} : { decidedAt }),
});
