import type { Order } from '@g-store/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useNews, useWatch } from '../live/live.js';
import { isOrderChange, type Newest, type OrderChange } from '../live/newest.js';
import { createPace } from '../live/pace.js';
import { patchOrder, patchPages } from '../live/patches.js';
import { staffKeys, type QueuePages } from './queries.js';

/** Which orders are in a queue, and how many, is asked again at most this often, however many change. */
const LOOK_AGAIN_MS = 2_000;

/** While the queue is shown: every order's news are in it at once, and what they do to the queue itself a moment later. */
export function useQueueNews(patchShown: (change: (order: Order) => Order) => void): void {
  const client = useQueryClient();
  useWatch({ scope: 'all' });
  const pace = useMemo(
    () =>
      createPace(LOOK_AGAIN_MS, () => {
        // What is on its way is not broken off: else nothing would ever arrive while orders come without a pause.
        void client.invalidateQueries({ queryKey: staffKeys.counts }, { cancelRefetch: false });
        void client.invalidateQueries({ queryKey: staffKeys.queues }, { cancelRefetch: false });
      }),
    [client],
  );
  useEffect(() => () => pace[Symbol.dispose](), [pace]);
  useNews((news) => {
    const orders = news.filter((each): each is Newest<OrderChange> => isOrderChange(each.change));
    if (orders.length === 0) return;
    const newsById = new Map(orders.map((each) => [each.change.data.orderId, each]));
    for (const [queryKey, pages] of client.getQueriesData<QueuePages>({ queryKey: staffKeys.queues }))
      if (pages !== undefined) client.setQueryData(queryKey, patchPages(pages, newsById).patched);
    patchShown((order) => {
      const heard = newsById.get(order.id);
      return heard === undefined ? order : patchOrder(order, heard.change);
    });
    pace.ask();
  });
}
