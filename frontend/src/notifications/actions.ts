import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useShop } from '../session/shop.js';
import { notificationKeys, type NotificationPages } from './queries.js';
import { withRead } from './reading.js';

/** Marks one as read, or all, without an id. It shows at once; should it fail, what the shop knows is shown again. */
export function useMarkRead() {
  const { notifications } = useShop();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string | undefined) =>
      id === undefined
        ? notifications.post('/v1/notifications/read-all')
        : notifications.post('/v1/notifications/{id}/read', { path: { id } }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: notificationKeys.all });
      const at = new Date().toISOString();
      client.setQueryData<NotificationPages>(notificationKeys.list, (pages) => pages && withRead(pages, at, id));
      client.setQueryData<number>(notificationKeys.unread, (n) => n && (id === undefined ? 0 : n - 1));
    },
    onSettled: () => client.invalidateQueries({ queryKey: notificationKeys.all }),
  });
}
