import { begin, cancel, decide, expect, issue, register } from '../domain/order.js';
import type { Order, Placed } from '../domain/order.js';
import { AccrualRefused } from '../domain/refused.js';
import type { Rule } from '../domain/reward.js';
import type { Work } from './work.js';

/** @throws AccrualRefused match_known */
export async function addRule(work: Work, rule: Rule): Promise<void> {
  if ((await work.rule(rule.match)) !== undefined)
    throw new AccrualRefused('match_known', 'there is a reward for this match already');
  work.add(rule);
}

/** Takes an order; its reward is worked out afterwards. @throws AccrualRefused invalid_order_number, order_known */
export async function registerOrder(work: Work, order: Pick<Order, 'number' | 'goods'>): Promise<void> {
  work.record({ order: register(await work.order(order.number), order, work.now) });
}

/** Keeps what an order of our own shop is made of until it is issued. */
export async function expectOrder(work: Work, placed: Placed): Promise<void> {
  work.record({ order: expect(await work.order(placed.number), placed, work.now) });
}

export async function issueOrder(work: Work, orderId: string): Promise<void> {
  const order = await work.shopOrder(orderId);
  if (order) work.record(issue(order));
}

export async function cancelOrder(work: Work, orderId: string): Promise<void> {
  const order = await work.shopOrder(orderId);
  if (order) work.record({ order: cancel(order, work.now) });
}

export async function beginCalculation(work: Work, number: string): Promise<void> {
  const order = await work.order(number);
  if (order) work.record({ order: begin(order) });
}

export async function decideReward(work: Work, number: string, rules: readonly Rule[]): Promise<void> {
  const order = await work.order(number);
  if (order) work.record(decide(order, rules, work.now));
}
