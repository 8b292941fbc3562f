import {
  actorOf,
  exactDecimal,
  exactNumber,
  isStaff,
  lenientPageQuery,
  nextLink,
  none,
  ok,
  versioned,
  type Route,
} from '@g-store/http';
import { formatDecimal } from '@g-store/values';
import { z } from 'zod';
import { placeOrder } from '../application/orders.js';
import type { OrderView } from '../application/reader.js';
import type { OrderStatus } from '../domain/order.js';
import { OrderRefused } from '../domain/refused.js';
import { nextCursorOf, rangeOf, viewerOf, visibleOrder } from './order-answers.js';
import { route, type Dependencies } from './routing.js';
import { orderParams, uuid } from './schemas.js';

const tags = ['dialect: online shop'];
const ownerParams = z.strictObject({ user_id: uuid });

const createBody = z
  .strictObject({
    amount: exactDecimal({ min: 1n, sentence: 'order amount must be positive' }).describe(
      'of the currency, with at most two decimal places',
    ),
    descr: z.string().max(1_000).optional(),
  })
  .meta({ id: 'OnlineShopCreateOrder' });

const statuses = ['CREATED', 'SUCCESS', 'FAIL'] as const;

const orderAnswer = z
  .object({
    id: uuid,
    user_id: uuid,
    price: z.number().describe('of the currency, with at most two decimal places'),
    status: z
      .enum(statuses)
      .describe('CREATED: not paid yet; SUCCESS: paid, and everything after that; FAIL: cancelled'),
    descr: z.string(),
  })
  .meta({ id: 'OnlineShopOrder' });

/** The older online shop's way to the same orders: decimals, and somebody's id in the path where nobody signed in. */
export const onlineShopRoutes = ({ reader, currency }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/order/create/:user_id',
      summary: 'Place an order',
      description: 'For oneself; staff for anybody.',
      tags,
      caller: 'customer',
      params: ownerParams,
      body: createBody,
      order: 'id',
      answers: { 200: z.object({ id: uuid }).meta({ id: 'OnlineShopOrderCreated' }) },
      refusals: ['not_found'],
    },
    ({ params: { user_id: userId }, body: { amount, descr }, caller, transact }) => {
      if (caller.userId !== userId && !isStaff(caller)) throw new OrderRefused('not_found', 'user not found');
      const placing = { wanted: { amount }, pointsToSpend: 0n, ...(descr !== undefined && { description: descr }) };
      return transact([], async (work) => {
        const { id } = await placeOrder(work, { ...placing, userId, actor: actorOf(caller), currency });
        return ok({ id });
      });
    },
  ),
  route(
    {
      method: 'get',
      path: '/order/get',
      summary: 'Orders, newest first',
      description: "One's own; for staff everybody's. The next page is in `Link`.",
      tags,
      caller: 'customer',
      machine: 'orders',
      query: lenientPageQuery,
      answers: { 200: z.array(orderAnswer) },
    },
    async ({ query, caller, url }) => {
      const { range, page } = rangeOf(query);
      const { staff, userId } = viewerOf(caller);
      const list = await (staff || userId === undefined ? reader.search({}, range) : reader.ordersOf(userId, range));
      return ok(list.orders.map(toAnswer), nextLink(url, nextCursorOf(list, page)));
    },
  ),
  route(
    {
      method: 'get',
      path: '/order/get/:id',
      summary: 'An order',
      tags,
      caller: 'customer',
      machine: 'orders',
      params: orderParams,
      order: 'id',
      answers: { 200: orderAnswer, 304: none },
      refusals: ['not_found'],
    },
    async ({ params, caller, ifNoneMatch }) => {
      const order = await visibleOrder(reader, params.id, caller);
      return versioned(toAnswer(order), order.version, ifNoneMatch);
    },
  ),
];

const toAnswer = (order: OrderView) => ({
  id: order.id,
  user_id: order.userId,
  price: exactNumber(formatDecimal(order.amount)),
  status: statusOf[order.status],
  descr: order.description ?? '',
});

const statusOf: Readonly<Record<OrderStatus, (typeof statuses)[number]>> = {
  PENDING: 'CREATED',
  PAID: 'SUCCESS',
  ASSEMBLING: 'SUCCESS',
  ASSEMBLED: 'SUCCESS',
  DELIVERING: 'SUCCESS',
  ISSUED: 'SUCCESS',
  CANCELLED: 'FAIL',
};
