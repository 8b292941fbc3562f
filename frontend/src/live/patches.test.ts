import type { Account, Answer, Change, Order } from '@g-store/client';
import { QueryClient } from '@tanstack/react-query';
import { orderKeys } from '../orders/queries.js';
import { walletKeys } from '../wallet/queries.js';
import { createNewest } from './newest.js';
import { applyNews, patchOrder } from './patches.js';

const at = '2026-11-27T00:05:00Z';
const order = (id: string, version = 1): Order =>
  ({ id, version, status: 'PENDING', updatedAt: '', allowedActions: ['cancel'] }) as unknown as Order;
const answer = <T>(data: T) => ({ data }) as Answer<T>;
const became = (orderId: string, version: number, status = 'PAID') =>
  ({ type: 'order.status.changed', data: { orderId, version, status, at } }) as Change;

/** Two orders and a wallet have been read; then the news come. */
function afterNews(...changes: readonly Change[]) {
  const client = new QueryClient();
  const pages = { pages: [{ orders: [order('o1'), order('o2')], nextCursor: null }], pageParams: [undefined] };
  client.setQueryData(orderKeys.mine, pages);
  client.setQueryData(orderKeys.one('o1'), answer(order('o1')));
  client.setQueryData(walletKeys.account, answer({ id: 'a1', balance: 100, version: 3 } as Account));
  const newest = createNewest();
  for (const change of changes) newest.add(change, true);
  applyNews(client, newest.take());
  const found = {
    before: pages.pages[0]?.orders ?? [],
    orders: client.getQueryData<typeof pages>(orderKeys.mine)?.pages[0]?.orders ?? [],
    one: client.getQueryData<Answer<Order>>(orderKeys.one('o1'))?.data,
    account: client.getQueryData<Answer<Account>>(walletKeys.account)?.data,
    readAgain: client.getQueryState(orderKeys.mine)?.isInvalidated,
    oneReadAgain: client.getQueryState(orderKeys.one('o1'))?.isInvalidated,
  };
  client.clear();
  return found;
}

describe('news of an order', () => {
  it('change its row and its own screen, and leave the other rows the very same', () => {
    const { before, orders, one, readAgain } = afterNews(became('o1', 2));
    expect([orders[0]?.status, one?.status, one?.version]).toEqual(['PAID', 'PAID', 2]);
    expect(orders[1]).toBe(before[1]);
    expect(readAgain).toBe(false);
  });

  it('that are older than what is shown change nothing', () => {
    const { before, orders } = afterNews(became('o1', 1));
    expect(orders[0]).toBe(before[0]);
  });

  it('with a version missing are shown, and the list is read again', () => {
    const { orders, readAgain } = afterNews(became('o1', 4, 'ASSEMBLED'));
    expect(orders[0]?.status).toBe('ASSEMBLED');
    expect(readAgain).toBe(true);
  });

  it('that is not in the list yet make it be read again', () => {
    expect(afterNews(became('o3', 1, 'PENDING')).readAgain).toBe(true);
  });

  it('that it is cancelled say why, and that nothing more can be done', () => {
    const data = { orderId: 'o1', version: 2, reason: 'OUT_OF_STOCK', at };
    expect(patchOrder(order('o1'), { type: 'order.cancelled', data })).toMatchObject({
      status: 'CANCELLED',
      cancellationReason: 'OUT_OF_STOCK',
      allowedActions: [],
      version: 2,
    });
  });
});

describe('news of points', () => {
  it('make an order be read again: what it earned stands beside it and has no news of its own', () => {
    const data = { accountId: 'p1', version: 3, balance: 1_500, change: 500, kind: 'EARNED', at };
    expect(afterNews({ type: 'points.changed', data } as Change).oneReadAgain).toBe(true);
    expect(afterNews().oneReadAgain).toBe(false);
  });
});

describe('news of a balance', () => {
  const balance = (version: number): Change => ({
    type: 'balance.changed',
    data: { accountId: 'a1', version, balance: 70, change: -30, kind: 'CHARGE', at },
  });

  it('are shown when they are newer', () => {
    expect(afterNews(balance(4)).account).toMatchObject({ balance: 70, version: 4 });
    expect(afterNews(balance(3)).account).toMatchObject({ balance: 100, version: 3 });
  });
});
