import { isLuhnValid, MAX_AMOUNT } from '@g-store/values';
import { AccrualRefused } from './refused.js';
import { rewardFor } from './reward.js';
import type { Good, Rule } from './reward.js';

/** AWAITING is an order of our own shop before it is ISSUED: nobody outside is told of it. INVALID and PROCESSED are final. */
export type OrderStatus = 'AWAITING' | 'REGISTERED' | 'PROCESSING' | 'INVALID' | 'PROCESSED';

export interface Order {
  readonly number: string;
  readonly goods: readonly Good[];
  readonly status: OrderStatus;
  /** In 1/100 point, of a PROCESSED order. */
  readonly reward?: bigint;
  /** Of an order of our own shop. */
  readonly shop?: Shop;
  readonly version: number;
  readonly registeredAt: Date;
  readonly decidedAt?: Date;
}

export interface Shop {
  readonly orderId: string;
  readonly owner: string;
  readonly issued: boolean;
}

export interface Decision {
  readonly order: Order;
  /** The reward of an order of our own shop is told once: when it is ISSUED and decided. */
  readonly reward?: RewardCalculated;
}

export interface RewardCalculated extends Pick<Shop, 'orderId' | 'owner'> {
  readonly number: string;
  /** In 1/100 point; 0 when no rule met any of the goods. */
  readonly points: bigint;
}

const LONGEST_NUMBER = 255;

/** Digits with a right check digit, not absurdly many: a long one is refused before anything is summed up. */
export const isOrderNumber = (number: string): boolean => number.length <= LONGEST_NUMBER && isLuhnValid(number);

/** @throws AccrualRefused invalid_order_number, order_known */
export function register(
  known: Order | undefined,
  { number, goods }: Pick<Order, 'number' | 'goods'>,
  now: Date,
): Order {
  if (!isOrderNumber(number))
    throw new AccrualRefused('invalid_order_number', 'the order number has not the right check digit');
  if (known !== undefined) throw new AccrualRefused('order_known', 'the order was registered before');
  return { number, goods, status: 'REGISTERED', version: 1, registeredAt: now };
}

export interface Placed extends Pick<Order, 'number' | 'goods'> {
  readonly orderId: string;
  readonly owner: string;
}

/** Notes an order of our own shop; one that somebody has registered by its number keeps the goods it was registered with. */
export function expect(known: Order | undefined, { number, goods, orderId, owner }: Placed, now: Date): Order {
  const shop = { orderId, owner, issued: false };
  if (known === undefined) return { number, goods, status: 'AWAITING', shop, version: 1, registeredAt: now };
  return known.shop === undefined ? next(known, { shop }) : known;
}

/** From now on it is calculated like any other; one that was calculated before has its reward told. */
export function issue(order: Order): Decision {
  if (order.shop === undefined || order.shop.issued) return { order };
  const status = order.status === 'AWAITING' ? 'REGISTERED' : order.status;
  return told(next(order, { status, shop: { ...order.shop, issued: true } }));
}

/** Will never be issued, so there is nothing to wait for. */
export const cancel = (order: Order, now: Date): Order =>
  order.status === 'AWAITING' ? next(order, { status: 'INVALID', decidedAt: now }) : order;

/** Says that somebody is at it. */
export const begin = (order: Order): Order =>
  order.status === 'REGISTERED' ? next(order, { status: 'PROCESSING' }) : order;

/** Decides once: INVALID when no rule meets any of the goods, or the reward is more than any account could take. */
export function decide(order: Order, rules: readonly Rule[], now: Date): Decision {
  if (order.status !== 'PROCESSING') return { order };
  const reward = rewardFor(order.goods, rules);
  if (reward === undefined || reward > MAX_AMOUNT) return told(next(order, { status: 'INVALID', decidedAt: now }));
  return told(next(order, { status: 'PROCESSED', reward, decidedAt: now }));
}

const next = (order: Order, change: Partial<Order>): Order => ({ ...order, ...change, version: order.version + 1 });

const told = (order: Order): Decision => {
  const { number, shop, decidedAt, reward: points = 0n } = order;
  if (shop === undefined || !shop.issued || decidedAt === undefined) return { order };
  return { order, reward: { number, orderId: shop.orderId, owner: shop.owner, points } };
};
