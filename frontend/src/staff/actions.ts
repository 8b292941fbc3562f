import { createIntent, isProblem, type Answer, type Order } from '@g-store/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { orderKeys } from '../orders/queries.js';
import { useShop } from '../session/shop.js';
import { staffKeys } from './queries.js';
import type { Step, StoreReason } from './steps.js';

export type StaffAction =
  { readonly kind: 'step'; readonly step: Step } | { readonly kind: 'cancel'; readonly reason: StoreReason };

/** Does something to an order as it was seen; if somebody was faster, nothing happens, and it says so. */
export function useStaffAction({ data: { id }, etag: ifMatch }: Answer<Order>) {
  const { orders } = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: (action: StaffAction) => {
      const options = { path: { id }, ifMatch, intent };
      return action.kind === 'step'
        ? orders.patch('/v1/staff/orders/{id}/status', { ...options, body: { status: action.step } })
        : orders.post('/v1/staff/orders/{id}/cancel', { ...options, body: { cancellationReason: action.reason } });
    },
    // Waited for: the button means the next thing only once the order that it is about is shown.
    onSettled: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: orderKeys.one(id) }),
        client.invalidateQueries({ queryKey: orderKeys.history(id) }),
      ]);
      void client.invalidateQueries({ queryKey: staffKeys.counts });
      void client.invalidateQueries({ queryKey: staffKeys.queues });
    },
  });
}

/** It was refused because the order is no longer what was seen. */
export const isConflict = (error: unknown): boolean =>
  isProblem(error, 'version_conflict', 'invalid_transition', 'order_already_cancelled', 'order_not_cancellable');
