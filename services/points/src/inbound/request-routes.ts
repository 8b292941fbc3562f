import { decodeCursor, encodeCursor, nextLink, ok, pageQuery } from '@g-store/http';
import type { Route } from '@g-store/http';
import { z } from 'zod';
import type { ChangeRequest } from '../domain/request.js';
import { route } from './routing.js';
import type { Dependencies } from './routing.js';

const points = z.int().meta({ description: 'in 1/100 point' });
const RequestView = z.object({
  id: z.uuid(),
  kind: z.enum(['ADD', 'DEDUCT']),
  amount: points,
  status: z.enum(['PENDING', 'APPLIED', 'REJECTED']),
  reason: z.string().optional().meta({ description: '`insufficient_points` or `balance_limit`' }),
  balanceAfter: points.optional(),
  acceptedAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().optional(),
});
const Requests = z.object({ requests: z.array(RequestView), nextCursor: z.string().nullable() });

/** What machines asked for, as the owner of the account sees it. */
export const requestRoutes = ({ reader }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/accounts/mine/requests',
      summary: 'Changes of my points that machines asked for, and their fate, newest first',
      tags: ['accounts'],
      caller: 'customer',
      query: pageQuery,
      answers: { 200: Requests },
    },
    async ({ caller, query: { cursor, limit }, url }) => {
      const before = decodeCursor(z.tuple([z.uuid()]), cursor)?.[0];
      const page = { ...(before === undefined ? {} : { before }), limit: limit + 1 }; // one more tells whether there is a next page
      const found = await reader.requests(caller.userId, page);
      const requests = found.slice(0, limit);
      const last = found.length > limit ? requests.at(-1) : undefined;
      const nextCursor = last === undefined ? null : encodeCursor([last.id]);
      return ok({ requests: requests.map(toView), nextCursor }, nextLink(url, nextCursor));
    },
  ),
];

/** Which machine it was is the shop's business. */
const toView = ({ id, kind, points: amount, status, reason, total, acceptedAt, decidedAt }: ChangeRequest) => ({
  id,
  kind: kind === 'add' ? 'ADD' : 'DEDUCT',
  amount,
  status,
  ...(reason !== undefined && { reason }),
  ...(total !== undefined && { balanceAfter: total }),
  acceptedAt,
  ...(decidedAt !== undefined && { decidedAt }),
});
