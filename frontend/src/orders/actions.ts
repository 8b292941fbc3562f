import { createIntent, type NewOrder, type Order, type ShopClient } from '@g-store/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useShop } from '../session/shop.js';
import { orderKeys } from './queries.js';

/** Places what is in the form once, however often it is sent: a second click, a retry and a lost answer give the same order. */
export function usePlaceOrder(placed: (orderId: string) => void) {
  const { orders } = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: async (body: NewOrder) => (await orders.post('/v1/orders', { body, intent })).data.orderId,
    onSuccess: (orderId) => {
      // Gone rather than old: the list opens with the new order in it.
      client.removeQueries({ queryKey: orderKeys.mine });
      placed(orderId);
    },
  });
}

/** Cancels an own order; an order that is at its end already is simply read again. */
export function useCancelOrder(order: Pick<Order, 'id'>, cancelled: () => void) {
  const shop = useShop();
  const client = useQueryClient();
  const [intent] = useState(() => createIntent());
  return useMutation({
    mutationFn: () => cancel(shop, order.id, intent),
    onSuccess: cancelled,
    onSettled: () => client.invalidateQueries({ queryKey: orderKeys.all }),
  });
}

const cancel = ({ orders }: ShopClient, id: string, intent: ReturnType<typeof createIntent>) =>
  orders.post('/v1/orders/{id}/cancel', { path: { id }, body: { cancellationReason: 'CHANGED_MIND' }, intent });
