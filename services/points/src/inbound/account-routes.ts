import {
  actorOf,
  created,
  decodeCursor,
  encodeCursor,
  etagOf,
  nextLink,
  none,
  ok,
  pageQuery,
  requireVersion,
  versioned,
} from '@g-store/http';
import type { Reply, Route } from '@g-store/http';
import { z } from 'zod';
import { adjustPoints } from '../application/accounts.js';
import type { Reader } from '../application/reader.js';
import type { PointsEvent } from '../domain/points.js';
import { accountId, route } from './routing.js';
import type { Dependencies } from './routing.js';

const points = z.int().meta({ description: 'in 1/100 point' });
const AccountView = z.object({
  id: z.string(),
  balance: points,
  version: z.int().meta({ description: 'how many entries there are; 0 before the first' }),
  createdAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime().optional(),
});
const EntryView = z.object({
  version: z.int(),
  type: z.enum(['EARNED', 'SPENT', 'RETURNED', 'ADJUSTED', 'WITHDRAWN']),
  direction: z.enum(['IN', 'OUT']),
  amount: points,
  balanceAfter: points,
  orderId: z.string().optional(),
  orderNumber: z.string().optional(),
  reason: z.string().optional(),
  at: z.iso.datetime(),
});
const Entries = z.object({ entries: z.array(EntryView), nextCursor: z.string().nullable() });
const BalanceView = z.object({ balance: points, at: z.iso.datetime() });
const Adjustment = z.strictObject({
  amount: z
    .int()
    .min(-1_000_000_000_000)
    .max(1_000_000_000_000)
    .refine((amount) => amount !== 0, 'amount must not be 0')
    .transform((amount) => BigInt(amount))
    .meta({ type: 'integer', format: 'int64', description: 'in 1/100 point; negative to take' }),
  reason: z.string().trim().min(1).max(500),
});
const Adjusted = z.object({ accountId: z.string(), balance: points, version: z.int() });

const tags = ['accounts'];
const AccountId = z.strictObject({ id: accountId });

/** The native API. An account nobody has put points on reads as an empty one. */
export const accountRoutes = ({ reader, announcements, now }: Dependencies & { now: () => Date }): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/accounts/mine',
      summary: 'My points',
      tags,
      caller: 'customer',
      answers: { 200: AccountView, 304: none },
    },
    ({ caller, ifNoneMatch }) => shown(reader, caller.userId, ifNoneMatch),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/mine/entries',
      summary: 'My statement, newest first',
      tags,
      caller: 'customer',
      query: pageQuery,
      answers: { 200: Entries },
    },
    ({ caller, query, url }) => statement(reader, caller.userId, query, url),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/mine/balance',
      summary: 'My balance at any time',
      tags,
      caller: 'customer',
      query: z.strictObject({ at: z.iso.datetime({ offset: true }).optional().describe('RFC 3339; now without it') }),
      answers: { 200: BalanceView },
    },
    async ({ caller, query }) => {
      const at = query.at === undefined ? now() : new Date(query.at);
      return ok({ balance: await reader.balanceAt(caller.userId, at), at });
    },
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/:id',
      summary: "Staff: somebody's points",
      tags,
      caller: 'staff',
      machine: 'points',
      params: AccountId,
      answers: { 200: AccountView, 304: none },
    },
    ({ params, ifNoneMatch }) => shown(reader, params.id, ifNoneMatch),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/:id/entries',
      summary: "Staff: somebody's statement, newest first",
      tags,
      caller: 'staff',
      machine: 'points',
      params: AccountId,
      query: pageQuery,
      answers: { 200: Entries },
    },
    ({ params, query, url }) => statement(reader, params.id, query, url),
  ),

  route(
    {
      method: 'post',
      path: '/v1/accounts/:id/adjustments',
      summary: 'Staff: give or take points',
      description: 'Giving opens an account.',
      tags,
      caller: 'staff',
      machine: 'points',
      params: AccountId,
      body: Adjustment,
      answers: { 201: Adjusted },
      refusals: ['insufficient_points', 'balance_limit', 'version_conflict'],
    },
    ({ params, body, caller, ifMatch, transact }) =>
      transact([announcements.account(params.id)], async (work) => {
        requireVersion(ifMatch, (await work.account(params.id))?.version ?? 0);
        const { id, balance, version } = await adjustPoints(work, {
          accountId: params.id,
          ...body,
          actor: actorOf(caller),
        });
        return created(
          { accountId: id, balance, version },
          { location: `/v1/accounts/${id}/entries`, etag: etagOf(version) },
        );
      }),
  ),
];

async function shown(reader: Reader, id: string, ifNoneMatch: string | undefined): Promise<Reply> {
  const account = await reader.account(id);
  if (account === undefined) return versioned({ id, balance: 0, version: 0 }, 0, ifNoneMatch);
  const { balance, version, createdAt, updatedAt } = account;
  return versioned({ id, balance, version, createdAt, updatedAt }, version, ifNoneMatch);
}

async function statement(
  reader: Reader,
  id: string,
  { cursor, limit }: z.output<typeof pageQuery>,
  url: string,
): Promise<Reply> {
  const before = decodeCursor(z.tuple([z.int32().positive()]), cursor)?.[0];
  const page = { ...(before === undefined ? {} : { before }), limit: limit + 1 }; // one more tells whether there is a next page
  const found = await reader.entries(id, page);
  const events = found.slice(0, limit);
  const last = events.at(-1);
  const nextCursor = last !== undefined && found.length > limit ? encodeCursor([last.version]) : null;
  return ok({ entries: events.map(toEntry), nextCursor }, nextLink(url, nextCursor));
}

const typeByKind = {
  earned: 'EARNED',
  spent: 'SPENT',
  returned: 'RETURNED',
  adjusted: 'ADJUSTED',
  withdrawn: 'WITHDRAWN',
} as const;

/** Who adjusted is the shop's business, and why is the customer's. */
const toEntry = (event: PointsEvent) => ({
  version: event.version,
  type: typeByKind[event.kind],
  direction: event.change > 0n ? 'IN' : 'OUT',
  amount: event.change > 0n ? event.change : -event.change,
  balanceAfter: event.balanceAfter,
  ...because(event),
  at: event.at,
});

function because(event: PointsEvent): { orderId?: string; orderNumber?: string; reason?: string } {
  switch (event.kind) {
    case 'earned':
      return { orderNumber: event.cause };
    case 'spent':
    case 'returned':
      return { orderId: event.cause };
    case 'adjusted':
      return { reason: event.reason };
    case 'withdrawn':
      return { orderNumber: event.orderNumber };
  }
}
