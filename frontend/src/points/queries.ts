import { isProblem, type Answer, type PointsAccount, type PointsEntry, type ShopClient } from '@g-store/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { someAreOpen, toUpload, type Upload } from './uploads.js';

/** A change of points is heard live; what an accrual system thinks of a number is not. */
const LOOK_AGAIN_MS = 4_000;

export const pointsKeys = {
  all: ['points'] as const,
  account: ['points', 'account'] as const,
  entries: ['points', 'entries'] as const,
  balanceAt: (at: string) => ['points', 'balance at', at] as const,
  uploads: ['points', 'uploads'] as const,
  requests: ['points', 'requests'] as const,
};

/** The points of whoever is signed in; null where nobody has opened an account for them yet. */
export const pointsQuery = ({ points }: ShopClient) =>
  queryOptions({
    queryKey: pointsKeys.account,
    queryFn: async ({ signal, client }): Promise<Answer<PointsAccount> | null> => {
      const previous = client.getQueryData<Answer<PointsAccount> | null>(pointsKeys.account) ?? undefined;
      try {
        return await points.get('/v1/accounts/mine', { signal, previous });
      } catch (error) {
        if (isProblem(error, 'not_found')) return null;
        throw error;
      }
    },
  });

interface EntriesPage {
  readonly entries: readonly PointsEntry[];
  readonly nextCursor: string | null;
}

export const entriesQuery = ({ points }: ShopClient) =>
  infiniteQueryOptions({
    queryKey: pointsKeys.entries,
    queryFn: async ({ pageParam: cursor, signal }): Promise<EntriesPage> =>
      (await points.get('/v1/accounts/mine/entries', { query: { cursor, limit: 20 }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const balanceAtQuery = ({ points }: ShopClient, at: string) =>
  queryOptions({
    queryKey: pointsKeys.balanceAt(at),
    queryFn: async ({ signal }) => (await points.get('/v1/accounts/mine/balance', { query: { at }, signal })).data,
  });

/** The numbers that were handed in, newest first; looked at again while one is open. */
export const uploadsQuery = ({ points }: ShopClient) =>
  queryOptions({
    queryKey: pointsKeys.uploads,
    queryFn: async ({ signal }): Promise<readonly Upload[]> => {
      const { data, status } = await points.get('/api/user/orders', { signal });
      return data === undefined || status === 204 ? [] : data.map(toUpload);
    },
    refetchInterval: ({ state }) => (state.data !== undefined && someAreOpen(state.data) ? LOOK_AGAIN_MS : false),
  });

const readRequests = async ({ points }: ShopClient, cursor: string | undefined, signal: AbortSignal) =>
  (await points.get('/v1/accounts/mine/requests', { query: { cursor, limit: 20 }, signal })).data;

type RequestsPage = Awaited<ReturnType<typeof readRequests>>;
export type PointsRequest = RequestsPage['requests'][number];

/** What partners asked to be done to one's points. */
export const requestsQuery = (shop: ShopClient) =>
  infiniteQueryOptions({
    queryKey: pointsKeys.requests,
    queryFn: ({ pageParam, signal }) => readRequests(shop, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
