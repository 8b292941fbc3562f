import { actorOf, created, etagOf, lenientPageQuery, noContent, none, ok, versioned, type Route } from '@g-store/http';
import { cancelOrder, placeOrder } from '../application/orders.js';
import { listReply, rangeOf, toHistoryAnswer, toOrderAnswer, viewerOf, visibleOrder } from './order-answers.js';
import { skusOf, toPlaceOrder } from './place-order.js';
import { route, tagOf, versionCheck, type Dependencies } from './routing.js';
import {
  cancelBody,
  catalogueAnswer,
  historyAnswer,
  listAnswer,
  orderAnswer,
  orderParams,
  placeBody,
  placedAnswer,
} from './schemas.js';

export const customerRoutes = ({ reader, announce, currency, takesPoints }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/v1/orders',
      summary: 'Place an order',
      description:
        'Of a plain amount or of items, not both. Items with a sku are priced by the catalogue. It is paid once payments has charged what is left beside `pointsToSpend`, and the points are spent.',
      tags: ['orders'],
      caller: 'customer',
      body: placeBody,
      answers: { 201: placedAnswer },
      refusals: ['price_changed', 'points_unavailable'],
      order: 'orderId',
    },
    ({ body, caller, transact }) => {
      const command = { ...toPlaceOrder(body, { takesPoints }), userId: caller.userId, currency };
      return transact(announce.goods(skusOf(command)), async (work) => {
        const { id, version } = await placeOrder(work, command);
        return created({ orderId: id }, { location: `/v1/orders/${id}`, etag: etagOf(version) });
      });
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders',
      summary: 'My orders, newest first',
      tags: ['orders'],
      caller: 'customer',
      query: lenientPageQuery,
      answers: { 200: listAnswer },
    },
    async ({ query, caller, url }) => {
      const { range, page } = rangeOf(query);
      const list = await reader.ordersOf(caller.userId, range);
      return listReply(list, page, query.limit, viewerOf(caller), url);
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders/:id',
      summary: 'An order',
      tags: ['orders'],
      caller: 'customer',
      machine: 'orders',
      params: orderParams,
      order: 'id',
      answers: { 200: orderAnswer, 304: none },
      refusals: ['not_found'],
    },
    async ({ params, caller, ifNoneMatch }) => {
      const order = await visibleOrder(reader, params.id, caller);
      return versioned(toOrderAnswer(order, viewerOf(caller)), tagOf(order), ifNoneMatch);
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders/:id/history',
      summary: 'What became of an order, version by version',
      tags: ['orders'],
      caller: 'customer',
      machine: 'orders',
      params: orderParams,
      order: 'id',
      answers: { 200: historyAnswer },
      refusals: ['not_found'],
    },
    async ({ params, caller }) => {
      await visibleOrder(reader, params.id, caller);
      return ok(toHistoryAnswer(await reader.history(params.id)));
    },
  ),
  route(
    {
      method: 'post',
      path: '/v1/orders/:id/cancel',
      summary: 'Cancel an order',
      description: 'Without a body, or with the one reason that a customer may give.',
      tags: ['orders'],
      caller: 'customer',
      params: orderParams,
      order: 'id',
      body: cancelBody.optional(),
      answers: { 204: none },
      refusals: ['not_found', 'order_already_cancelled', 'order_not_cancellable', 'version_conflict'],
    },
    ({ params, caller, ifMatch, transact }) =>
      transact(announce.order(params.id), async (work) => {
        const command = { orderId: params.id, actor: actorOf(caller), ...versionCheck(ifMatch) };
        const { version } = await cancelOrder(work, command);
        return noContent({ etag: etagOf(version) });
      }),
  ),
  route(
    {
      method: 'get',
      path: '/v1/catalogue',
      summary: 'What the shop has on its shelves',
      tags: ['catalogue'],
      caller: 'public',
      answers: { 200: catalogueAnswer },
    },
    async () => {
      const items = await reader.catalogue();
      return ok({ items: items.map((item) => ({ ...item, price: Number(item.price) })) });
    },
  ),
];
