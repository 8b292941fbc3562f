import type { OrderPoints } from '../domain/order-points.js';
import type { Account, PointsEvent } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';
import type { Work } from './work.js';

export interface FakePoints {
  readonly work: Work;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly orders: ReadonlyMap<string, OrderPoints>;
  readonly requests: ReadonlyMap<string, ChangeRequest>;
  readonly events: readonly PointsEvent[];
  /** Requests that are on their way. */
  readonly asked: readonly ChangeRequest[];
}

/** The work port in memory; it refuses what the database's constraints refuse. */
export function fakeWork(now = new Date('2026-01-02T03:04:05.000Z')): FakePoints {
  const accounts = new Map<string, Account>();
  const orders = new Map<string, OrderPoints>();
  const requests = new Map<string, ChangeRequest>();
  const events: PointsEvent[] = [];
  const asked: ChangeRequest[] = [];
  let ids = 0;

  const work: Work = {
    now,
    newId: () => `id-${(ids += 1)}`,
    account: async (id) => accounts.get(id),
    order: async (orderId) => orders.get(orderId),
    orderByNumber: async (number) => [...orders.values()].find((order) => order.number === number),
    earned: async (number) => events.find(({ kind, cause }) => kind === 'earned' && cause === number),
    request: async (id) => requests.get(id),
    record: ({ entry, order, request }) => {
      if (entry) {
        append(events, entry.event);
        accounts.set(entry.account.id, entry.account);
      }
      if (order) orders.set(order.orderId, order);
      if (request) requests.set(request.id, request);
    },
    ask: (request) => asked.push(request),
  };
  return { work, accounts, orders, requests, events, asked };
}

function append(events: PointsEvent[], added: PointsEvent): void {
  const same = events.find(({ kind, cause }) => kind === added.kind && cause === added.cause);
  if (same) throw new Error('unique: kind and cause');
  if (added.balanceAfter < 0n) throw new Error('check: no balance below 0');
  const spent = events.find(({ kind, cause }) => kind === 'spent' && cause === added.cause);
  if (added.kind === 'returned' && spent?.change !== -added.change) throw new Error('check: returns what was spent');
  events.push(added);
}
