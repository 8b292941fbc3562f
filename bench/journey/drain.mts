import type { Customer } from '../shop.mts';
import { percentilesOf } from '../statistics.mts';

export type Drained = {
  /** Orders from the first POST until the last customer was told that theirs is PAID, by that time. */
  readonly perSecond: number;
  /** POSTs answered per second, while there were any. */
  readonly placedPerSecond: number;
  readonly toldP50: number;
  readonly toldP99: number;
};

export interface DrainOptions {
  readonly customers: readonly Pick<Customer, 'place'>[];
  readonly orders: number;
  /** POSTs under way at any time. */
  readonly callers: number;
  /** No order is placed while so many are not yet told: a shop is measured, not the memory of its queues. */
  readonly ahead: number;
}

const TOO_LONG_MS = 120_000;

/** Places all orders and waits until each customer was told of each; told twice is a fault. */
export async function drain(told: Told, { customers, orders, callers, ahead }: DrainOptions): Promise<Drained> {
  const placedAt = new Map<string, number>();
  const took: number[] = [];
  let [next, placed] = [0, 0];
  let stand = Promise.withResolvers<void>();
  const settle = (id: string, at: number): void => {
    const from = placedAt.get(id);
    if (from === undefined) return;
    took.push(at - from);
    placedAt.delete(id);
    stand.resolve();
    stand = Promise.withResolvers<void>();
  };
  told.listen(settle);
  const begun = performance.now();
  let allPlaced = begun;
  const call = async (): Promise<void> => {
    while (next < orders) {
      if (next - took.length >= ahead) {
        await stand.promise;
        continue;
      }
      const customer = customers[next++ % customers.length] as Customer;
      const from = performance.now();
      const id = await customer.place();
      placed += 1;
      if (placed === orders) allPlaced = performance.now();
      placedAt.set(id, from);
      const early = told.early(id);
      if (early !== undefined) settle(id, early);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  while (took.length < orders) {
    if (performance.now() - begun > TOO_LONG_MS) throw new Error(`${orders - took.length} orders were not told`);
    await stand.promise;
  }
  const seconds = (performance.now() - begun) / 1_000;
  const { p50, p99 } = percentilesOf(took);
  return {
    perSecond: orders / seconds,
    placedPerSecond: (orders / (allPlaced - begun)) * 1_000,
    toldP50: p50,
    toldP99: p99,
  };
}

/** Where sockets say what they hear; an order may be told before the answer to its POST has been read. */
export interface Told {
  readonly heard: (orderId: string) => void;
  listen(listener: (orderId: string, at: number) => void): void;
  early(orderId: string): number | undefined;
  /** Orders told more than once. */
  readonly twice: number;
}

export function createTold(): Told {
  const at = new Map<string, number>();
  let listener: (orderId: string, at: number) => void = () => {};
  let twice = 0;
  return {
    heard(orderId) {
      if (at.has(orderId)) return void (twice += 1);
      const now = performance.now();
      at.set(orderId, now);
      listener(orderId, now);
    },
    listen: (to) => void (listener = to),
    early: (orderId) => at.get(orderId),
    get twice() {
      return twice;
    },
  };
}
