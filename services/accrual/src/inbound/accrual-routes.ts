import { actorOf, accepted, createRouting, exactDecimal, exactNumber, noContent, none, ok, text } from '@g-store/http';
import type { Caller, Reply, Route } from '@g-store/http';
import { formatDecimal } from '@g-store/values';
import { z } from 'zod';
import { addRule, registerOrder } from '../application/orders.js';
import type { Reader } from '../application/reader.js';
import type { Announcement, Announcements, Work } from '../application/work.js';
import { isOrderNumber } from '../domain/order.js';
import type { OrderStatus } from '../domain/order.js';
import { rewardTypes } from '../domain/reward.js';
import { createRequestLimit } from './request-limit.js';
import type { RequestLimit } from './request-limit.js';

export interface Dependencies {
  readonly reader: Reader;
  readonly announcements: Announcements;
  /** Told after an order was registered. */
  readonly onRegistered: () => void;
  readonly requestsPerMinute: number;
  readonly clock: Parameters<typeof createRequestLimit>[1];
  /** For everybody, as the original is; otherwise for staff and keys of the scope `accrual`. */
  readonly open?: boolean;
}

const { route } = createRouting<Work, readonly Announcement[]>();
const tags = ['accrual'];

const Rule = z.strictObject({
  match: z.string().min(1, 'match must not be empty').max(500).describe('a part of a description'),
  reward: exactDecimal({ min: 1n, sentence: 'reward must be positive' }),
  reward_type: z.enum(rewardTypes).describe('percent of the price, or points'),
});
const Registration = z.strictObject({
  order: z.string().describe('digits, the last one the check digit'),
  goods: z
    .array(
      z.strictObject({
        description: z.string().max(1_000),
        price: exactDecimal({ min: 0n, sentence: 'price must not be negative' }),
      }),
    )
    .max(1_000),
});
const Calculation = z.object({
  order: z.string(),
  status: z.enum(['REGISTERED', 'PROCESSING', 'INVALID', 'PROCESSED']),
  accrual: z.number().optional(),
});
const Refused = z.looseObject({ code: z.string(), error: z.string() });

/** Rules, orders and what they earn; the same routes whoever may call them. */
export function accrualRoutes(dependencies: Dependencies): readonly Route[] {
  const { reader, announcements, onRegistered, requestsPerMinute, clock, open = false } = dependencies;
  const mayAsk = createRequestLimit(requestsPerMinute, clock);
  const authority = open ? ({ caller: 'public' } as const) : ({ caller: 'staff', machine: 'accrual' } as const);
  return [
    route(
      {
        method: 'post',
        path: '/api/goods',
        summary: 'Add a reward for goods',
        tags,
        ...authority,
        body: Rule,
        answers: { 200: none, 409: Refused },
      },
      ({ body: { match, reward, reward_type: rewardType }, transact }) =>
        transact([announcements.rule(match)], async (work) => {
          await addRule(work, { match, reward, rewardType });
          return ok();
        }),
    ),

    route(
      {
        method: 'post',
        path: '/api/orders',
        summary: 'Register an order',
        description: 'Its reward is worked out within a second; ask for it by the number of the order.',
        tags,
        ...authority,
        body: Registration,
        answers: { 202: none, 409: Refused },
      },
      async ({ body: { order: number, goods }, transact }) => {
        const announced = isOrderNumber(number) ? [announcements.order(number)] : [];
        const reply = await transact(announced, async (work) => {
          await registerOrder(work, { number, goods: goods.map((good) => ({ ...good, quantity: 1 })) });
          return accepted();
        });
        onRegistered();
        return reply;
      },
    ),

    route(
      {
        method: 'get',
        path: '/api/orders/:number',
        summary: 'What an order has earned',
        description: `At most ${requestsPerMinute} requests a minute from one client. 204: the order is not known.`,
        tags,
        ...authority,
        params: z.strictObject({ number: z.string() }),
        answers: { 200: Calculation, 204: none, 429: z.string() },
      },
      async ({ params: { number }, caller, client }) =>
        limited(mayAsk, caller, client.address, requestsPerMinute) ?? (await calculation(reader, number)),
    ),
  ];
}

const limited = (mayAsk: RequestLimit, caller: Caller | undefined, address: string, most: number): Reply | undefined =>
  mayAsk(caller === undefined ? address : actorOf(caller))
    ? undefined
    : text(`No more than ${most} requests per minute allowed`, {
        status: 429,
        type: 'text/plain',
        headers: { 'retry-after': '60' },
      });

async function calculation(reader: Reader, number: string): Promise<Reply> {
  const order = isOrderNumber(number) ? await reader.order(number) : undefined;
  if (order === undefined || !isOutside(order.status)) return noContent();
  const { status, reward, shop } = order;
  return ok(
    { order: number, status, ...(reward === undefined ? {} : { accrual: exactNumber(formatDecimal(reward)) }) },
    shop === undefined ? {} : { 'g-store-owner': shop.owner },
  );
}

/** An order of our own shop is nobody's business before it is issued. */
const isOutside = (status: OrderStatus): status is Exclude<OrderStatus, 'AWAITING'> => status !== 'AWAITING';
