import { createIntent, isProblem } from '@g-store/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useShop } from '../session/shop.js';
import { walletKeys } from './queries.js';

/** Opens a wallet; that there is one already is as good. */
export function useOpenWallet() {
  const { payments } = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: async () => {
      try {
        await payments.post('/v1/accounts', { intent });
      } catch (error) {
        if (!isProblem(error, 'account_exists')) throw error;
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: walletKeys.all }),
  });
}

/** Adds an amount once, however often it is sent. */
export function useTopUp(accountId: string, added: (amount: bigint) => void) {
  const { payments } = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: (amount: bigint) =>
      payments.patch('/v1/accounts/{id}', { path: { id: accountId }, body: { amount: Number(amount) }, intent }),
    onSuccess: (_answer, amount) => {
      added(amount);
      return client.invalidateQueries({ queryKey: walletKeys.all });
    },
  });
}
