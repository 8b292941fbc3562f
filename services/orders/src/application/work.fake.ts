import type { CatalogueItem } from '../domain/items.js';
import type { Answer, Decision, Order } from '../domain/order.js';
import { orderNotFound } from './orders.js';
import type { StaffAct, Work } from './work.js';

export interface FakeWork {
  readonly work: Work;
  readonly orders: Map<string, Order>;
  /** The events told, in order. */
  readonly announced: NonNullable<Decision['event']>[];
  readonly answers: Map<string, Answer[]>;
  readonly rewards: Map<string, bigint>;
  readonly audited: StaffAct[];
}

/** The unit of work in memory: what is recorded can be seen at once. */
export function fakeWork(present: readonly Order[] = [], catalogue: readonly CatalogueItem[] = []): FakeWork {
  const orders = new Map(present.map((order) => [order.id, order]));
  const answers = new Map<string, Answer[]>();
  const rewards = new Map<string, bigint>();
  const announced: FakeWork['announced'] = [];
  const audited: StaffAct[] = [];
  let made = 0;
  const work: Work = {
    now: new Date('2026-03-01T12:00:00Z'),
    newId: () => `new-${(made += 1)}`,
    newOrderNumber: () => '1000000000000008',
    order: (id) => {
      const order = orders.get(id);
      return order === undefined ? Promise.reject(orderNotFound()) : Promise.resolve(order);
    },
    answers: (orderId) => Promise.resolve(answers.get(orderId) ?? []),
    reward: (orderId) => Promise.resolve(rewards.get(orderId)),
    catalogueItem: (sku) => Promise.resolve(catalogue.find((item) => item.sku === sku)),
    record: ({ order, event, answer, reward }) => {
      orders.set(order.id, order);
      if (event !== undefined) announced.push(event);
      if (answer !== undefined) answers.set(order.id, [...(answers.get(order.id) ?? []), answer]);
      if (reward !== undefined) rewards.set(order.id, reward);
    },
    audit: (act) => void audited.push(act),
  };
  return { work, orders, announced, answers, rewards, audited };
}
