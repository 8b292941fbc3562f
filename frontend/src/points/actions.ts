import { createIntent, isProblem, type ShopClient } from '@g-store/client';
import { formatDecimal } from '@g-store/values';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useShop } from '../session/shop.js';
import { pointsKeys } from './queries.js';

/** Hands in an order number. @returns whether it is new; it may have been handed in before */
const handIn = async ({ points }: ShopClient, number: string, options: Pick<Keeping, 'intent'>): Promise<boolean> =>
  (await points.post('/api/user/orders', { body: number, ...options })).status === 202;

interface Keeping {
  readonly intent: ReturnType<typeof createIntent>;
}

export function useHandIn() {
  const shop = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: (number: string) => handIn(shop, number, { intent }),
    onSuccess: () => client.invalidateQueries({ queryKey: pointsKeys.uploads }),
  });
}

export interface Withdrawal {
  readonly order: string;
  /** In 1/100 point. */
  readonly points: bigint;
}

/** Pays for an order elsewhere. */
export function useWithdraw() {
  const { points } = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: ({ order, points: sum }: Withdrawal) =>
      points.post('/api/user/balance/withdraw', { body: { order, sum: Number(formatDecimal(sum)) }, intent }),
    onSuccess: () => client.invalidateQueries({ queryKey: pointsKeys.all }),
    onError: (error) => {
      // Somebody has spent them meanwhile, in another window perhaps.
      if (isProblem(error, 'insufficient_points')) void client.invalidateQueries({ queryKey: pointsKeys.all });
    },
  });
}

/** In that API a number that is somebody else's, and one that can be nobody's, are told by their status alone. */
export const numberRefusal = (error: unknown): 'another' | 'luhn' | undefined => {
  if (!isProblem(error)) return undefined;
  if (error.status === 409 && error.code === 'forbidden') return 'another';
  return error.status === 422 && error.code === 'validation_failed' ? 'luhn' : undefined;
};
