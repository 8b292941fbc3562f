import type { Account, Answer, Order } from '@g-store/client';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { orderKeys, type OrderPage } from '../orders/queries.js';
import { pointsKeys } from '../points/queries.js';
import { walletKeys } from '../wallet/queries.js';
import { isOrderChange, type Newest, type OrderChange } from './newest.js';

type Pages = InfiniteData<OrderPage>;

/** Brings everything that has been read up to what was heard. The one place where news meets what is shown. */
export function applyNews(client: QueryClient, news: readonly Newest[]): void {
  const orders = news.filter((each): each is Newest<OrderChange> => isOrderChange(each.change));
  if (orders.length > 0) applyOrders(client, orders);
  for (const { change } of news) {
    if (change.type === 'balance.changed') applyBalance(client, change.data);
    if (change.type === 'points.changed') {
      void client.invalidateQueries({ queryKey: pointsKeys.all });
      // What an order has earned stands beside it, without a version: no news of the order tells of it.
      void client.invalidateQueries({ queryKey: orderKeys.ones });
    }
  }
}

function applyOrders(client: QueryClient, news: readonly Newest<OrderChange>[]): void {
  const newsById = new Map(news.map((each) => [each.change.data.orderId, each]));
  for (const [queryKey, pages] of client.getQueriesData<Pages>({ queryKey: orderKeys.lists })) {
    if (pages === undefined) continue;
    const { patched, complete } = patchPages(pages, newsById);
    if (patched !== pages) client.setQueryData(queryKey, patched);
    if (!complete) void client.invalidateQueries({ queryKey, exact: true });
  }
  for (const [id, { change }] of newsById) {
    client.setQueryData<Answer<Order>>(orderKeys.one(id), (answer) => {
      const data = answer && patchOrder(answer.data, change);
      return answer === undefined || data === undefined || data === answer.data ? answer : { ...answer, data };
    });
    // What a change does not carry: its history, what may be done now, points that were earned.
    void client.invalidateQueries({ queryKey: orderKeys.one(id) });
    void client.invalidateQueries({ queryKey: orderKeys.history(id) });
  }
}

/** The pages with what is new in them; not complete where an order is missing, or a version that was never heard of. */
export function patchPages(pages: Pages, newsById: ReadonlyMap<string, Newest<OrderChange>>) {
  const found = new Set<string>();
  let complete = true;
  let changed = false;
  const patched = pages.pages.map((page) => {
    const orders = page.orders.map((order) => {
      const news = newsById.get(order.id);
      if (news === undefined) return order;
      found.add(order.id);
      if (news.change.data.version > order.version && (news.gap || news.from > order.version + 1)) complete = false;
      return patchOrder(order, news.change);
    });
    if (orders.every((order, index) => order === page.orders[index])) return page;
    changed = true;
    return { ...page, orders };
  });
  if ([...newsById.values()].some(({ change, from }) => from === 1 && !found.has(change.data.orderId)))
    complete = false;
  return { patched: changed ? { ...pages, pages: patched } : pages, complete };
}

/** The same object for news that is older than what is known. */
export function patchOrder(order: Order, { type, data }: OrderChange): Order {
  if (data.version <= order.version) return order;
  const status = type === 'order.cancelled' ? 'CANCELLED' : data.status;
  const final = status === 'CANCELLED' || status === 'ISSUED';
  return {
    ...order,
    status,
    version: data.version,
    updatedAt: data.at,
    ...(type === 'order.cancelled' && { cancellationReason: data.reason as NonNullable<Order['cancellationReason']> }),
    allowedActions: final ? [] : order.allowedActions.filter((action) => action === 'cancel'),
  };
}

function applyBalance(client: QueryClient, { accountId, balance, version, at }: BalanceNews): void {
  client.setQueryData<Answer<Account> | null>(walletKeys.account, (answer) => {
    if (!answer || answer.data.id !== accountId || answer.data.version >= version) return answer;
    return { ...answer, data: { ...answer.data, balance, version, updatedAt: at } };
  });
  void client.invalidateQueries({ queryKey: walletKeys.statement(accountId) });
}

interface BalanceNews {
  readonly accountId: string;
  readonly balance: number;
  readonly version: number;
  readonly at: string;
}
