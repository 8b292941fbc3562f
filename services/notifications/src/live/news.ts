import type { OrderState } from '../domain/order-state.js';

/** What an event means to those who watch: the message that they get, without its position. */
export interface News {
  /** Of whoever the order or account belongs to. */
  readonly owner: string;
  /** Order or account. */
  readonly key: string;
  /** Counts per topic and key. */
  readonly version: number;
  readonly occurredAtMs: number;
  /** The order that those hear of it who watch one order; undefined when only the owner does. */
  readonly orderId?: string;
  /** `{"type":…,"data":{…}` as text, left open for the position. */
  readonly open: string;
}

/** News with its place in the stream. */
export interface Entry extends News {
  /** Counts what this instance has taken in, in order, across all partitions. */
  readonly seq: number;
  readonly slot: number;
  readonly offset: number;
  readonly atMs: number;
}

const open = (type: string, data: object): string => JSON.stringify({ type, data }).slice(0, -1);

/** The state of an order as the same message that a change would be. */
export function orderMessage({ orderId, status, reason, version, at }: Omit<OrderState, 'owner'>): string {
  return status === 'CANCELLED'
    ? open('order.cancelled', { orderId, reason, version, at: at.toISOString() })
    : open('order.status.changed', { orderId, status, version, at: at.toISOString() });
}

export interface BalanceState {
  readonly accountId: string;
  /** Minor units, or 1/100 point; JSON numbers hold every balance there can be. */
  readonly balance: bigint;
  readonly change: bigint;
  readonly kind: string;
  readonly orderId?: string;
  readonly orderNumber?: string;
  readonly version: number;
  readonly at: Date;
}

export const balanceMessage = (
  type: 'balance.changed' | 'points.changed',
  { balance, change, at, ...rest }: BalanceState,
): string => open(type, { ...rest, balance: Number(balance), change: Number(change), at: at.toISOString() });

/** What a client sent is answered by these. */
export const replyMessage = (type: string, data?: object): string =>
  data === undefined ? JSON.stringify({ type }).slice(0, -1) : open(type, data);
