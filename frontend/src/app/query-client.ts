import { QueryClient } from '@tanstack/react-query';

/** Retries are the client's to make, since it knows which requests bear them; being offline is an answer like another. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 15_000, gcTime: 5 * 60_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
