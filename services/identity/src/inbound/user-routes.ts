import { Problem, created, noContent, none, ok, type Route } from '@g-store/http';
import { z } from 'zod';
import { changeOwnPassword, eraseUser } from '../application/own-account.js';
import type { Profile } from '../application/reader.js';
import { registerUser } from '../application/registration.js';
import { isLogin, isName, isPassword } from '../domain/login.js';
import { route, settle, type Dependencies } from './dependencies.js';

const tags = ['Users'];
const loginRule = '1–64 printable characters, without space at either end';
const passwordRule = '8–128 characters of any kind';
const nameRule = '1–100 printable characters, without space at either end';

const Login = z.string().refine(isLogin, loginRule).meta({ description: loginRule, example: 'alice' });
const Password = z.string().refine(isPassword, passwordRule).meta({ description: passwordRule, format: 'password' });
const Name = z.string().refine(isName, nameRule).meta({ description: nameRule, example: 'Alice Green' });

export const Role = z.enum(['customer', 'staff', 'operator']);
const Me = z.strictObject({ id: z.uuid(), login: z.string(), name: z.string().optional(), roles: z.array(Role) });
const Session = z.strictObject({ id: z.uuid(), startedAt: z.iso.datetime(), expiresAt: z.iso.datetime() });
const Export = Me.extend({ createdAt: z.iso.datetime(), sessions: z.array(Session) });

export const userRoutes = (deps: Dependencies): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/v1/users',
      summary: 'Register',
      description: 'Logins are compared by NFKC and without case, and shown as they were written.',
      tags,
      caller: 'public',
      body: z.strictObject({ login: Login, password: Password, name: Name.optional() }),
      answers: { 201: Me },
      refusals: ['login_taken', 'rate_limited', 'unavailable'],
      idempotent: false, // its fingerprint would be a fast hash of the password
    },
    async ({ body: { login, password, name }, transact }) => {
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      const user = await registerUser(given, { login, password, ...(name !== undefined && { name }) });
      return created(user, { location: '/v1/users/me' });
    },
  ),
  route(
    { method: 'get', path: '/v1/users/me', summary: 'Who am I', tags, caller: 'customer', answers: { 200: Me } },
    async ({ caller }) => ok(toMe(await ownProfile(deps, caller.userId))),
  ),
  route(
    {
      method: 'get',
      path: '/v1/users/me/export',
      summary: 'Everything that is kept here about me',
      tags,
      caller: 'customer',
      answers: { 200: Export },
    },
    async ({ caller }) => {
      const profile = await ownProfile(deps, caller.userId);
      const { createdAt, sessions } = profile;
      const disposition = {
        'content-disposition': 'attachment; filename="g-store-account.json"',
        'cache-control': 'no-store',
      };
      return ok({ ...toMe(profile), createdAt, sessions }, disposition);
    },
  ),
  route(
    {
      method: 'put',
      path: '/v1/users/me/password',
      summary: 'Change my password',
      description: 'Ends every other session of mine. A wrong current password is 403 and slowed like a sign-in.',
      tags,
      caller: 'customer',
      body: z.strictObject({ currentPassword: z.string().min(1).max(512), newPassword: Password }),
      answers: { 204: none },
      refusals: ['forbidden', 'rate_limited', 'unavailable'],
    },
    async ({ body, caller: { userId, sessionId }, client, transact }) => {
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      await changeOwnPassword(given, { ...body, userId, sessionId, address: client.address });
      return noContent();
    },
  ),
  route(
    {
      method: 'delete',
      path: '/v1/users/me',
      summary: 'Erase my account',
      description: 'Login, name and credentials are erased; what others hold, orders and ledgers, names only the id.',
      tags,
      caller: 'customer',
      answers: { 204: none },
    },
    async ({ caller: { userId }, transact }) => {
      await settle(transact, deps.denyList)([deps.announce.user(userId)], (work) => eraseUser(work, { userId }));
      return noContent();
    },
  ),
];

type OwnProfile = Profile & { readonly login: string };

async function ownProfile({ reader }: Dependencies, userId: string): Promise<OwnProfile> {
  const profile = await reader.profile(userId);
  if (profile?.login === undefined) throw new Problem('unauthenticated');
  return { ...profile, login: profile.login };
}

const toMe = ({ id, login, name, roles }: OwnProfile) => ({ id, login, ...(name !== undefined && { name }), roles });
