import type { Answer, Order, OrderHistoryEntry, ShopClient } from '@g-store/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

export type { Order };

/** A page of a list of orders, of the customer's own or of the staff's. */
export interface OrderPage {
  readonly orders: readonly Order[];
  readonly nextCursor: string | null;
}

export const orderKeys = {
  all: ['orders'] as const,
  /** Of every kind: a change patches the rows of all. */
  lists: ['orders', 'lists'] as const,
  mine: ['orders', 'lists', 'mine'] as const,
  ones: ['orders', 'one'] as const,
  one: (id: string) => ['orders', 'one', id] as const,
  history: (id: string) => ['orders', 'history', id] as const,
};

export const catalogueQuery = ({ orders }: ShopClient) =>
  queryOptions({
    queryKey: ['catalogue'],
    queryFn: async ({ signal }) => (await orders.get('/v1/catalogue', { signal })).data.items,
    staleTime: 60_000,
  });

export const myOrdersQuery = ({ orders }: ShopClient) =>
  infiniteQueryOptions({
    queryKey: orderKeys.mine,
    queryFn: async ({ pageParam, signal }): Promise<OrderPage> =>
      (await orders.get('/v1/orders', { query: { limit: 20, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** With its version: the answer of before is handed in, so that an order that has not changed is not sent again. */
export const orderQuery = ({ orders }: ShopClient, id: string) =>
  queryOptions({
    queryKey: orderKeys.one(id),
    queryFn: ({ signal, client }) =>
      orders.get('/v1/orders/{id}', {
        path: { id },
        signal,
        previous: client.getQueryData<Answer<Order>>(orderKeys.one(id)),
      }),
  });

export const historyQuery = ({ orders }: ShopClient, id: string) =>
  queryOptions({
    queryKey: orderKeys.history(id),
    queryFn: async ({ signal }): Promise<readonly OrderHistoryEntry[]> =>
      (await orders.get('/v1/orders/{id}/history', { path: { id }, signal })).data.entries,
  });
