import type { Notification, ShopClient } from '@g-store/client';
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';

export const notificationKeys = {
  all: ['notifications'] as const,
  list: ['notifications', 'list'] as const,
  unread: ['notifications', 'unread'] as const,
};

interface NotificationPage {
  readonly notifications: readonly Notification[];
  readonly nextCursor: string | null;
}

export type NotificationPages = InfiniteData<NotificationPage>;

export const notificationsQuery = ({ notifications }: ShopClient) =>
  infiniteQueryOptions({
    queryKey: notificationKeys.list,
    queryFn: async ({ pageParam: cursor, signal }): Promise<NotificationPage> =>
      (await notifications.get('/v1/notifications', { query: { cursor, limit: 30 }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const unreadQuery = ({ notifications }: ShopClient) =>
  queryOptions({
    queryKey: notificationKeys.unread,
    queryFn: async ({ signal }) => (await notifications.get('/v1/notifications/unread-count', { signal })).data.count,
  });
