import { actorOf, exactDecimal, Problem } from '@g-store/http';
import type { Route } from '@g-store/http';
import { z } from 'zod';
import { requestChange } from '../application/requests.js';
import { enveloped, envelopeOf, problemAsEnvelope } from './envelope.js';
import { route } from './routing.js';
import type { Dependencies } from './routing.js';

const tags = ['machine dialect: queue'];
const missingUser = 'required user id';
const notPositive = 'point must be positive and not zero';

/** Missing counts as 0, as it did. */
const Change = z.strictObject({
  user_id: z
    .int({ error: ({ input }) => (input === undefined ? missingUser : 'user_id must be a whole number') })
    .min(1, missingUser),
  point: exactDecimal({ min: 1n, sentence: notPositive }).prefault(0),
});
const WhoseQuery = z.strictObject({
  id: z
    .string(missingUser)
    .regex(/^\d{1,16}$/, 'id must be a whole number')
    .transform(Number)
    .pipe(z.int('id must be a whole number').min(1, missingUser)),
});

const Empty = envelopeOf(z.null());
const refusals = { 400: Empty, 401: Empty, 403: Empty, 500: Empty, 503: Empty };
const UserPoint = envelopeOf(
  z.object({
    UserID: z.int(),
    Point: z.int().describe('whole points, rounded down'),
    CreatedAt: z.iso.datetime(),
    UpdatedAt: z.iso.datetime(),
  }),
);

/** The older system that put changes into a queue; its users have integer ids. */
export const queueRoutes = ({ reader }: Dependencies): readonly Route[] => [
  ...(['root', 'pong'] as const).map((message) =>
    route(
      {
        method: 'get',
        path: message === 'root' ? '/' : '/ping',
        summary: `Answers ${message}`,
        tags,
        caller: 'public',
        answers: { 200: Empty, 400: Empty },
        problemAs: problemAsEnvelope,
      },
      async () => enveloped(200, message),
    ),
  ),

  route(
    {
      method: 'get',
      path: '/v1/point',
      summary: 'The points of a user',
      tags,
      caller: 'staff',
      machine: 'points',
      query: WhoseQuery,
      answers: { 200: UserPoint, 404: Empty, ...refusals },
      problemAs: problemAsEnvelope,
    },
    async ({ query: { id } }) => {
      const account = await reader.account(String(id));
      if (account === undefined) throw new Problem('not_found', 'data not found');
      const { balance, createdAt, updatedAt } = account;
      return enveloped(200, 'OK', { UserID: id, Point: balance / 100n, CreatedAt: createdAt, UpdatedAt: updatedAt });
    },
  ),

  ...(['add', 'subtract'] as const).map((verb) =>
    route(
      {
        method: 'post',
        path: `/v1/point/${verb}`,
        summary: verb === 'add' ? 'Ask to add points' : 'Ask to subtract points',
        description: 'Accepts the request; `Location` tells its fate.',
        tags,
        caller: 'staff',
        machine: 'points',
        body: Change,
        answers: { 202: Empty, 409: Empty, 413: Empty, 415: Empty, 422: Empty, ...refusals },
        problemAs: problemAsEnvelope,
      },
      ({ body, caller, transact }) =>
        transact([], async (work) => {
          const kind = verb === 'add' ? 'add' : 'deduct';
          const change = { accountId: String(body.user_id), kind, points: body.point, actor: actorOf(caller) } as const;
          const { id } = requestChange(work, change);
          return enveloped(202, 'Accepted', null, { location: `/v1/point/requests/${id}` });
        }),
    ),
  ),
];
