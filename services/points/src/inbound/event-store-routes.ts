import { actorOf, exactDecimal, exactNumber, ok, Problem } from '@g-store/http';
import type { Route } from '@g-store/http';
import { formatDecimal } from '@g-store/values';
import { z } from 'zod';
import { requestChange } from '../application/requests.js';
import type { ChangeRequest } from '../domain/request.js';
import { accountId, route } from './routing.js';
import type { Dependencies } from './routing.js';

const tags = ['machine dialect: event store'];
const UserId = z.strictObject({ user_id: accountId });
const Point = z.strictObject({ point: exactDecimal({ min: 1n, sentence: 'point must be positive and not zero' }) });

const withData = <T extends z.ZodType>(data: T) => z.object({ data, metadata: z.object({}) });
const Accepted = withData(z.object({ request_id: z.uuid() }));
const Latest = withData(z.object({ total_point: z.number() }));
const Fate = withData(
  z.object({
    status: z.enum(['PENDING', 'APPLIED', 'REJECTED']),
    reason: z.string().optional().describe('`insufficient_points` or `balance_limit`'),
    total_point: z.number().optional().describe('the balance that the decision left'),
    accepted_at: z.iso.datetime(),
    decided_at: z.iso.datetime().optional(),
  }),
);

const reply = (data: object) => ok({ data, metadata: {} });

/** The older system that promised to tell the fate of a request, kept. Adding and deducting only accept. */
export const eventStoreRoutes = ({ reader }: Dependencies): readonly Route[] => [
  ...(['add', 'deduct'] as const).map((kind) =>
    route(
      {
        method: 'post',
        path: `/v1/point/:user_id/${kind}`,
        summary: kind === 'add' ? 'Ask to add points' : 'Ask to deduct points',
        description: 'Accepts the request; it is decided in order per account. Ask for its fate by its id.',
        tags,
        caller: 'staff',
        machine: 'points',
        params: UserId,
        body: Point,
        answers: { 200: Accepted },
      },
      ({ params, body, caller, transact }) =>
        transact([], async (work) => {
          const change = { accountId: params.user_id, kind, points: body.point, actor: actorOf(caller) };
          return reply({ request_id: requestChange(work, change).id });
        }),
    ),
  ),

  route(
    {
      method: 'get',
      path: '/v1/point/:user_id/latest',
      summary: 'The points of a user',
      description: '0 for a user that nobody has heard of.',
      tags,
      caller: 'staff',
      machine: 'points',
      params: UserId,
      answers: { 200: Latest },
    },
    async ({ params }) => {
      const account = await reader.account(params.user_id);
      return reply({ total_point: decimal(account?.balance ?? 0n) });
    },
  ),

  route(
    {
      method: 'get',
      path: '/v1/point/requests/:request_id',
      summary: 'What became of a request',
      tags,
      caller: 'staff',
      machine: 'points',
      params: z.strictObject({ request_id: z.string() }),
      answers: { 200: Fate },
      refusals: ['not_found'],
    },
    async ({ params }) => {
      const id = z.guid().safeParse(params.request_id);
      const request = id.success ? await reader.request(id.data) : undefined;
      if (request === undefined) throw new Problem('not_found', 'request not found');
      return reply(toFate(request));
    },
  ),
];

const decimal = (points: bigint): unknown => exactNumber(formatDecimal(points));

const toFate = ({ status, reason, total, acceptedAt, decidedAt }: ChangeRequest) => ({
  status,
  ...(reason === undefined ? {} : { reason }),
  ...(total === undefined ? {} : { total_point: decimal(total) }),
  accepted_at: acceptedAt,
  ...(decidedAt === undefined ? {} : { decided_at: decidedAt }),
});
