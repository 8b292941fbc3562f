import {
  decodeCursor,
  encodeCursor,
  nextLink,
  noContent,
  none,
  ok,
  pageQuery,
  Problem,
  route,
  type Route,
} from '@g-store/http';
import { z } from 'zod';
import type { NotificationCentre } from '../application/centre.js';
import { notificationKinds, type Notification } from '../domain/notification.js';

const NotificationView = z.object({
  id: z.uuid(),
  kind: z.enum(notificationKinds),
  orderId: z.uuid().optional(),
  accountId: z.string().optional(),
  data: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .meta({ description: 'Facts for the kind: status, reason, number; amounts in minor units. No sentences.' }),
  at: z.iso.datetime(),
  readAt: z.iso.datetime().optional(),
});
const Page = z.object({ notifications: z.array(NotificationView), nextCursor: z.string().nullable() });
const Id = z.strictObject({ id: z.uuid() });

const tags = ['notifications'];
const caller = 'customer';

/** The notification centre of whoever calls; somebody else's notification is as good as none. */
export const centreRoutes = ({ centre }: { readonly centre: NotificationCentre }): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/notifications',
      summary: 'My notifications, newest first',
      tags,
      caller,
      query: pageQuery,
      answers: { 200: Page },
    },
    async ({ query: { cursor, limit }, caller: { userId }, url }) => {
      const [before] = decodeCursor(z.tuple([z.uuid()]), cursor) ?? [];
      const page = await centre.page(userId, { limit: limit + 1, ...(before !== undefined && { before }) });
      const notifications = page.slice(0, limit);
      const last = page.length > limit ? notifications.at(-1) : undefined;
      const nextCursor = last === undefined ? null : encodeCursor([last.id]);
      return ok({ notifications: notifications.map(toView), nextCursor }, nextLink(url, nextCursor));
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/notifications/unread-count',
      summary: 'How many I have not read',
      tags,
      caller,
      answers: { 200: z.object({ count: z.int() }) },
    },
    async ({ caller: { userId } }) => ok({ count: await centre.unreadCount(userId) }),
  ),
  route(
    {
      method: 'post',
      path: '/v1/notifications/read-all',
      summary: 'Mark all as read',
      tags,
      caller,
      idempotent: false,
      answers: { 204: none },
    },
    async ({ caller: { userId } }) => {
      await centre.markAllRead(userId);
      return noContent();
    },
  ),
  route(
    {
      method: 'post',
      path: '/v1/notifications/:id/read',
      summary: 'Mark one as read',
      tags,
      caller,
      idempotent: false,
      params: Id,
      answers: { 204: none },
      refusals: ['not_found'],
    },
    async ({ params, caller: { userId } }) => {
      if (!(await centre.markRead(userId, params.id))) throw new Problem('not_found');
      return noContent();
    },
  ),
];

const toView = ({ id, kind, orderId, accountId, data, at, readAt }: Notification) => ({
  id,
  kind,
  ...(orderId !== undefined && { orderId }),
  ...(accountId !== undefined && { accountId }),
  data,
  at: at.toISOString(),
  ...(readAt !== undefined && { readAt: readAt.toISOString() }),
});
