import { actorOf, etagOf, noContent, none, pageQuery, type Route } from '@g-store/http';
import { advanceOrder, cancelOrderByStaff, toStatus } from '../application/orders.js';
import { countedAtMost } from '../application/reader.js';
import { listReply, rangeOf, viewerOf } from './order-answers.js';
import { route, versionCheck, type Dependencies } from './routing.js';
import { listAnswer, orderParams, staffCancelBody, staffFilter, statusBody } from './schemas.js';

/** What the store's people do, and machines with a key of scope `orders`. */
export const staffRoutes = ({ reader, announce }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/staff/orders',
      summary: "Everybody's orders, newest first",
      description: `\`total\` counts up to ${countedAtMost}.`,
      tags: ['staff'],
      caller: 'staff',
      machine: 'orders',
      query: pageQuery.extend(staffFilter),
      answers: { 200: listAnswer },
      refusals: ['invalid_status'],
    },
    async ({ query: { status, userId, q, ...paging }, caller, url }) => {
      const { range, page } = rangeOf(paging);
      const filter = {
        ...(status !== undefined && { status: toStatus(status) }),
        ...(userId !== undefined && { userId }),
        ...(q !== undefined && { q }),
      };
      return listReply(await reader.search(filter, range), page, paging.limit, viewerOf(caller), url);
    },
  ),
  route(
    {
      method: 'post',
      path: '/v1/staff/orders/:id/cancel',
      summary: 'Cancel an order for a reason of the store',
      tags: ['staff'],
      caller: 'staff',
      machine: 'orders',
      params: orderParams,
      order: 'id',
      body: staffCancelBody,
      answers: { 204: none },
      refusals: ['not_found', 'order_already_cancelled', 'order_not_cancellable', 'version_conflict'],
    },
    ({ params, body, caller, ifMatch, transact }) =>
      transact(announce.order(params.id), async (work) => {
        const command = { orderId: params.id, actor: actorOf(caller), ...versionCheck(ifMatch) };
        const { version } = await cancelOrderByStaff(work, { ...command, reason: body.cancellationReason });
        return noContent({ etag: etagOf(version) });
      }),
  ),
  route(
    {
      method: 'patch',
      path: '/v1/staff/orders/:id/status',
      summary: 'Move an order one step on',
      description: 'PAID → ASSEMBLING → ASSEMBLED → DELIVERING → ISSUED.',
      tags: ['staff'],
      caller: 'staff',
      machine: 'orders',
      params: orderParams,
      order: 'id',
      body: statusBody,
      answers: { 204: none },
      refusals: ['invalid_status', 'forbidden', 'not_found', 'invalid_transition', 'version_conflict'],
    },
    ({ params, body, caller, ifMatch, transact }) => {
      const status = toStatus(body.status);
      return transact(announce.order(params.id), async (work) => {
        const command = { orderId: params.id, actor: actorOf(caller), ...versionCheck(ifMatch) };
        const { version } = await advanceOrder(work, { ...command, status });
        return noContent({ etag: etagOf(version) });
      });
    },
  ),
];
