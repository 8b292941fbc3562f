import {
  Problem,
  decodeCursor,
  encodeCursor,
  nextLink,
  noContent,
  none,
  ok,
  pageQuery,
  type Route,
} from '@g-store/http';
import { z } from 'zod';
import { blockUser, giveRole, unblockUser, withdrawRole } from '../application/operators.js';
import type { Profile } from '../application/reader.js';
import type { Work } from '../application/work.js';
import { route, settle, type Dependencies } from './dependencies.js';
import { Role } from './user-routes.js';

const tags = ['Operators'];
const UserId = z.strictObject({ id: z.uuid() });
const UserRole = UserId.extend({ role: Role.exclude(['customer']) });
const Named = z.strictObject({ id: z.uuid(), name: z.string().nullable() });
const Person = z.strictObject({
  id: z.uuid(),
  login: z.string(),
  name: z.string().optional(),
  roles: z.array(Role),
  blocked: z.boolean(),
  createdAt: z.iso.datetime(),
});
const People = z.strictObject({ users: z.array(Person), nextCursor: z.string().nullable() });

export const peopleRoutes = (deps: Dependencies): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/users',
      summary: 'Find users',
      description: 'Newest first, without the erased. `q` is part of a login or name, or a whole id.',
      tags,
      caller: 'operator',
      query: pageQuery.extend({ q: z.string().trim().max(100).optional() }),
      answers: { 200: People },
    },
    async ({ query: { q, cursor, limit }, url }) => {
      const position = decodeCursor(z.tuple([z.uuid()]), cursor);
      const found = await deps.reader.people({ limit, ...(q && { q }), ...(position && { after: position[0] }) });
      const users = found.slice(0, limit);
      const last = users.at(-1);
      const nextCursor = found.length > limit && last ? encodeCursor([last.id]) : null;
      return ok({ users: users.map(toPerson), nextCursor }, nextLink(url, nextCursor));
    },
  ),
  route(
    {
      method: 'get',
      path: '/v1/users/:id',
      summary: 'The name of a user',
      description: 'Null when none was given, or when the user is erased.',
      tags: ['Staff'],
      caller: 'staff',
      params: UserId,
      answers: { 200: Named },
      refusals: ['not_found'],
    },
    async ({ params }) => {
      const profile = await deps.reader.profile(params.id);
      if (profile === undefined) throw new Problem('not_found', 'no such user');
      return ok({ id: profile.id, name: profile.name ?? null });
    },
  ),
  ...(['put', 'delete'] as const).map((method) =>
    route(
      {
        method,
        path: '/v1/users/:id/roles/:role',
        summary: method === 'put' ? 'Give a role' : 'Take a role away',
        description: 'Takes effect everywhere within seconds. Nobody lays down their own operator role.',
        tags,
        caller: 'operator',
        params: UserRole,
        answers: { 204: none },
        refusals: ['not_found'],
      },
      async ({ params: { id: userId, role }, caller, transact }) => {
        const change = method === 'put' ? giveRole : withdrawRole;
        const run = (work: Work) => change(work, { by: caller.userId, userId, role });
        await settle(transact, deps.denyList)([deps.announce.user(userId)], run);
        return noContent();
      },
    ),
  ),
  ...(['block', 'unblock'] as const).map((verb) =>
    route(
      {
        method: 'post',
        path: `/v1/users/:id/${verb}`,
        summary: verb === 'block' ? 'Block a user' : 'Unblock a user',
        description: 'Blocking ends every session everywhere within seconds; unblocking brings none of them back.',
        tags,
        caller: 'operator',
        params: UserId,
        answers: { 204: none },
        refusals: ['not_found'],
        idempotent: false, // twice is as good as once
      },
      async ({ params: { id: userId }, caller, transact }) => {
        const change = verb === 'block' ? blockUser : unblockUser;
        const run = (work: Work) => change(work, { by: caller.userId, userId });
        await settle(transact, deps.denyList)([deps.announce.user(userId)], run);
        return noContent();
      },
    ),
  ),
];

const toPerson = ({ id, login, name, roles, blocked, createdAt }: Profile) => ({
  id,
  login,
  ...(name !== undefined && { name }),
  roles,
  blocked,
  createdAt,
});
