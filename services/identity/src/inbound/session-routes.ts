import { Problem, noContent, none, ok, type Reply, type Route } from '@g-store/http';
import { z } from 'zod';
import type { AccessTokens, SignedIn } from '../application/credentials.js';
import { refresh, signOut, signOutByToken, signOutEverywhere } from '../application/sessions.js';
import { signIn } from '../application/sign-in.js';
import { IdentityRefused } from '../domain/refusal.js';
import { route, settle, type Dependencies } from './dependencies.js';
import { clearRefreshCookie, refreshCookie, requireOwnOrigin, setRefreshCookie } from './refresh-cookie.js';

const tags = ['Sessions'];
const refreshToken = z.string().min(1).max(256);
const inCookie = z.boolean().default(false).meta({
  description: 'Keep the refresh token in the cookie `gstore_refresh`, which scripts cannot read, instead of the body.',
});

const Credentials = z.strictObject({
  login: z.string().min(1).max(256),
  password: z.string().min(1).max(512),
  cookie: inCookie,
});
const Refresh = z.strictObject({ refreshToken: refreshToken.optional(), cookie: inCookie });
const Tokens = z.strictObject({
  accessToken: z.string().meta({ description: 'A JWT for `Authorization: Bearer`.' }),
  expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
  refreshToken: z.string().optional().meta({ description: 'For one refresh; absent when it is in the cookie.' }),
});

export const sessionRoutes = (deps: Dependencies): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/v1/sessions',
      summary: 'Sign in',
      description:
        'A wrong password and a login that does not exist get the same answer. Repeated failures are slowed.',
      tags,
      caller: 'public',
      body: Credentials,
      answers: { 200: Tokens },
      refusals: ['unauthenticated', 'forbidden', 'rate_limited', 'unavailable'],
      idempotent: false, // a kept answer would hold the tokens in clear
    },
    async ({ body: { login, password, cookie }, client, headers, transact }) => {
      if (cookie && headers.origin !== undefined) requireOwnOrigin(headers, deps.origins);
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      const signedIn = await signIn(given, { login, password, address: client.address });
      return tokens(deps.accessTokens, signedIn, { cookie, secure: client.secure });
    },
  ),
  route(
    {
      method: 'post',
      path: '/v1/sessions/refresh',
      summary: 'Exchange a refresh token',
      description:
        'Gives a new access token and the next refresh token. For ten seconds a used token gives the same successor again; later use ends the session. With `cookie` and no cookie: 204.',
      tags,
      caller: 'public',
      body: Refresh,
      answers: { 200: Tokens, 204: none },
      refusals: ['unauthenticated', 'forbidden'],
      idempotent: false,
    },
    async ({ body, client, headers, transact }) => {
      const presented = body.cookie ? refreshCookie(headers) : body.refreshToken;
      if (presented === undefined && body.cookie) return noContent();
      if (presented === undefined) throw noToken();
      if (body.cookie) requireOwnOrigin(headers, deps.origins);
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      const signedIn = await refresh(given, presented).catch((error: unknown) => {
        throw body.cookie && isDead(error) ? deadCookie(error, client) : error;
      });
      return tokens(deps.accessTokens, signedIn, { cookie: body.cookie, secure: client.secure });
    },
  ),
  route(
    {
      method: 'delete',
      path: '/v1/sessions/current',
      summary: 'Sign out here',
      description: 'By access token, or by the refresh cookie alone from an allowed origin.',
      tags,
      caller: 'public',
      answers: { 204: none },
      refusals: ['unauthenticated', 'forbidden'],
    },
    async ({ caller, client, headers, transact }) => {
      const cookie = refreshCookie(headers);
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      if (caller?.kind === 'user') {
        await given.transact([deps.announce.user(caller.userId)], (work) => signOut(work, caller));
      } else {
        if (cookie === undefined) throw new Problem('unauthenticated');
        requireOwnOrigin(headers, deps.origins);
        await signOutByToken(given, cookie);
      }
      return noContent(cookie === undefined ? {} : clearRefreshCookie(client));
    },
  ),
  route(
    {
      method: 'delete',
      path: '/v1/sessions',
      summary: 'Sign out everywhere',
      tags,
      caller: 'customer',
      answers: { 204: none },
    },
    async ({ caller, client, headers, transact }) => {
      const { userId } = caller;
      await settle(transact, deps.denyList)([deps.announce.user(userId)], (work) =>
        signOutEverywhere(work, { userId }),
      );
      return noContent(refreshCookie(headers) === undefined ? {} : clearRefreshCookie(client));
    },
  ),
];

async function tokens(
  accessTokens: AccessTokens,
  signedIn: SignedIn,
  { cookie, secure }: { cookie: boolean; secure: boolean },
): Promise<Reply> {
  const { accessToken, expiresIn } = await accessTokens.issue(signedIn);
  const unseen = { 'cache-control': 'no-store' };
  if (!cookie) return ok({ accessToken, expiresIn, refreshToken: signedIn.refreshToken }, unseen);
  const maxAge = Math.floor((signedIn.sessionExpiresAt.getTime() - signedIn.at.getTime()) / 1_000);
  return ok({ accessToken, expiresIn }, { ...unseen, ...setRefreshCookie(signedIn.refreshToken, { secure, maxAge }) });
}

const noToken = (): Problem =>
  new Problem('validation_failed', 'send a refreshToken, or "cookie": true', {
    errors: [{ pointer: '/refreshToken', detail: 'is needed without "cookie": true' }],
  });

const isDead = (error: unknown): error is IdentityRefused =>
  error instanceof IdentityRefused && error.code === 'unauthenticated';

/** A cookie that is good for nothing is taken back, so that the browser stops sending it. */
const deadCookie = (refused: IdentityRefused, client: { readonly secure: boolean }): Problem =>
  new Problem('unauthenticated', refused.message, { headers: clearRefreshCookie(client) });
