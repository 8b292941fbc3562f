import type { Order, RewardCalculated } from '../domain/order.js';
import type { Rule } from '../domain/reward.js';
import type { Work } from './work.js';

export interface FakeAccrual {
  readonly work: Work;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly orders: ReadonlyMap<string, Order>;
  readonly rewards: readonly RewardCalculated[];
}

/** The work port in memory; it refuses what the database refuses. */
export function fakeWork(now = new Date('2026-01-02T03:04:05.000Z')): FakeAccrual {
  const rules = new Map<string, Rule>();
  const orders = new Map<string, Order>();
  const rewards: RewardCalculated[] = [];
  const work: Work = {
    now,
    rule: async (match) => rules.get(match),
    order: async (number) => orders.get(number),
    shopOrder: async (orderId) => [...orders.values()].find(({ shop }) => shop?.orderId === orderId),
    add: (rule) => void rules.set(rule.match, rule),
    record: ({ order, reward }) => {
      const before = orders.get(order.number);
      if (before?.decidedAt && before.status !== order.status) throw new Error('trigger: decided once');
      orders.set(order.number, order);
      if (reward) rewards.push(reward);
    },
  };
  return { work, rules, orders, rewards };
}
