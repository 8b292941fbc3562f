import { ok, type Reply, type Route } from '@g-store/http';
import { z } from 'zod';
import type { AccessTokens, Grant } from '../application/credentials.js';
import { registerAndSignIn, signInForADay } from '../application/gophermart.js';
import { isGophermartPassword, isLogin } from '../domain/login.js';
import { route, settle, type Dependencies } from './dependencies.js';

const common = { method: 'post', tags: ['gophermart'], caller: 'public', idempotent: false, gzip: true } as const;
const loginRule = '1–64 printable characters, without space at either end';
const passwordRule = '1–128 characters: older clients know no shortest password';
const signedInRule =
  'The token is in the header `Authorization`, in the cookie `jwt` and in the body. It is good for a day, for this API alone.';

const Registration = z.strictObject({
  login: z.string().refine(isLogin, loginRule).meta({ description: loginRule, example: 'alice' }),
  password: z
    .string()
    .refine(isGophermartPassword, passwordRule)
    .meta({ description: passwordRule, format: 'password' }),
});
const Credentials = z.strictObject({ login: z.string().min(1).max(256), password: z.string().min(1).max(512) });
const SignedIn = z.strictObject({ token: z.string() });

/** How one becomes a user of Gophermart, and signs in; the rest of its API is served by points. */
export const gophermartRoutes = (deps: Dependencies): readonly Route[] => [
  route(
    {
      ...common,
      path: '/api/user/register',
      summary: 'Register with Gophermart and sign in',
      description: signedInRule,
      body: Registration,
      answers: { 200: SignedIn },
      refusals: ['login_taken', 'unavailable'],
    },
    async ({ body, client, transact }) => {
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      return signedIn(deps.accessTokens, await registerAndSignIn(given, body), client);
    },
  ),
  route(
    {
      ...common,
      path: '/api/user/login',
      summary: 'Sign in to Gophermart',
      description: `${signedInRule} Repeated failures are slowed.`,
      body: Credentials,
      answers: { 200: SignedIn },
      refusals: ['unauthenticated', 'forbidden', 'rate_limited', 'unavailable'],
    },
    async ({ body, client, transact }) => {
      const given = { ...deps, transact: settle(transact, deps.denyList) };
      return signedIn(deps.accessTokens, await signInForADay(given, { ...body, address: client.address }), client);
    },
  ),
];

/** SameSite keeps the cookie from pages of other sites; over plain http it could not be `Secure`, or it would be lost. */
async function signedIn(
  accessTokens: AccessTokens,
  grant: Grant,
  { secure }: { readonly secure: boolean },
): Promise<Reply> {
  const { accessToken: token, expiresIn } = await accessTokens.issue(grant, 'gophermart');
  const cookie = `jwt=${token}; HttpOnly; SameSite=Strict; Path=/api/user; Max-Age=${expiresIn}`;
  return ok(
    { token },
    {
      authorization: `Bearer ${token}`,
      'set-cookie': secure ? `${cookie}; Secure` : cookie,
      'cache-control': 'no-store',
    },
  );
}
