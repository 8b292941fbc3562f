import { isProblem, type Account, type Answer, type ShopClient, type Transaction } from '@g-store/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

export const walletKeys = {
  all: ['wallet'] as const,
  account: ['wallet', 'account'] as const,
  statement: (accountId: string) => ['wallet', 'statement', accountId] as const,
};

interface StatementPage {
  readonly transactions: readonly Transaction[];
  readonly nextCursor: string | null;
}

/** The account of whoever is signed in; null for somebody who has none yet. */
export const accountQuery = ({ payments }: ShopClient) =>
  queryOptions({
    queryKey: walletKeys.account,
    queryFn: async ({ signal, client }): Promise<Answer<Account> | null> => {
      const previous = client.getQueryData<Answer<Account> | null>(walletKeys.account) ?? undefined;
      try {
        return await payments.get('/v1/accounts/mine', { signal, previous });
      } catch (error) {
        if (isProblem(error, 'not_found')) return null;
        throw error;
      }
    },
  });

export const statementQuery = ({ payments }: ShopClient, id: string) =>
  infiniteQueryOptions({
    queryKey: walletKeys.statement(id),
    queryFn: async ({ pageParam: cursor, signal }): Promise<StatementPage> =>
      (await payments.get('/v1/accounts/{id}/transactions', { path: { id }, query: { cursor, limit: 20 }, signal }))
        .data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
