import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useNews } from '../live/live.js';
import { useShop } from '../session/shop.js';
import { notificationKeys, unreadQuery } from './queries.js';

/** The centre is written beside the live news, a moment earlier or later. */
const WRITTEN_AFTER_MS = 600;

/** How many are unread. */
export const useUnread = (): number => useQuery(unreadQuery(useShop())).data ?? 0;

/** Looks into the centre again after news of one's own. */
export function useCentreFollowsNews(): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useNews((news) => {
    if (!news.some(({ mine }) => mine)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => void client.invalidateQueries({ queryKey: notificationKeys.all }),
      WRITTEN_AFTER_MS,
    );
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
