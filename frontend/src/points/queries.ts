import { isProblem, type Answer, type PointsAccount, type ShopClient } from '@g-store/client';
import { queryOptions } from '@tanstack/react-query';

export const pointsKeys = {
  all: ['points'] as const,
  account: ['points', 'account'] as const,
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
