import { isProblem, type Order, type ShopClient } from '@g-store/client';
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import { openQueues, type OpenQueue, type QueueFilter } from './filter.js';

/** Apart from the lists of customers: staff hear of every order, and look again at their own pace. */
export const staffKeys = {
  queues: ['staff', 'queues'] as const,
  queue: (filter: QueueFilter) => ['staff', 'queues', filter] as const,
  counts: ['staff', 'counts'] as const,
  person: (id: string) => ['staff', 'person', id] as const,
  wallet: (userId: string) => ['staff', 'wallet', userId] as const,
  points: (userId: string) => ['staff', 'points', userId] as const,
};

interface QueuePage {
  readonly orders: readonly Order[];
  readonly total: number;
  readonly nextCursor: string | null;
}

export type QueuePages = InfiniteData<QueuePage>;

/** The shop counts no further. */
export const COUNTED_AT_MOST = 10_000;

export const queueQuery = ({ orders }: ShopClient, filter: QueueFilter) =>
  infiniteQueryOptions({
    queryKey: staffKeys.queue(filter),
    queryFn: async ({ pageParam: cursor, signal }): Promise<QueuePage> =>
      (await orders.get('/v1/staff/orders', { query: { ...filter, cursor, limit: 20 }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** How many wait in each queue. */
export const countsQuery = ({ orders }: ShopClient) =>
  queryOptions({
    queryKey: staffKeys.counts,
    queryFn: async ({ signal }): Promise<Readonly<Record<OpenQueue, number>>> => {
      const count = async (status: OpenQueue) => {
        const { data } = await orders.get('/v1/staff/orders', { query: { status, limit: 1 }, signal });
        return [status, data.total] as const;
      };
      return Object.fromEntries(await Promise.all(openQueues.map(count))) as Record<OpenQueue, number>;
    },
  });

/** The name that somebody goes by, if they gave one; null for who has deleted their account. */
export const personQuery = ({ identity }: ShopClient, id: string) =>
  queryOptions({
    queryKey: staffKeys.person(id),
    queryFn: ({ signal }) => orNull(async () => (await identity.get('/v1/users/{id}', { path: { id }, signal })).data),
    staleTime: 5 * 60_000,
  });

/** The wallet of a customer; null for none. */
export const customerWalletQuery = ({ payments }: ShopClient, userId: string) =>
  queryOptions({
    queryKey: staffKeys.wallet(userId),
    queryFn: ({ signal }) =>
      orNull(async () => (await payments.get('/v1/accounts', { query: { userId }, signal })).data),
  });

export const customerPointsQuery = ({ points }: ShopClient, userId: string) =>
  queryOptions({
    queryKey: staffKeys.points(userId),
    queryFn: async ({ signal }) => (await points.get('/v1/accounts/{id}', { path: { id: userId }, signal })).data,
  });

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isProblem(error, 'not_found')) return null;
    throw error;
  }
}
