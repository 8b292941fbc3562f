import { topics } from '@g-store/contracts';
import type { JsonWebKeySet } from '@g-store/http';
import {
  serve,
  startFoundation,
  type Adapters,
  type Composed,
  type Foundation,
  type Served,
  type ServeOptions,
} from '@g-store/service';
import { ensureUser } from './application/registration.js';
import type { Reader } from './application/reader.js';
import type { Transact, Work } from './application/work.js';
import type { IdentitySettings } from './config.js';
import { IdentityRefused } from './domain/refusal.js';
import { settle } from './inbound/dependencies.js';
import { gophermartRoutes } from './inbound/gophermart-routes.js';
import { keyRoutes } from './inbound/key-routes.js';
import { peopleRoutes } from './inbound/people-routes.js';
import { refusal } from './inbound/problems.js';
import { sessionRoutes } from './inbound/session-routes.js';
import { userRoutes } from './inbound/user-routes.js';
import { createPasswords } from './outbound/argon2-passwords.js';
import { createIdentityReader } from './outbound/identity-reader.js';
import { announcements, identityWorkIn } from './outbound/identity-work.js';
import { startKeyring, type Keyring } from './outbound/keyring.js';
import { createAttemptKeys, createRefreshTokens, createSafe } from './outbound/secrets.js';
import { StartRefused, untilDone } from './outbound/start.js';
import { identityTables } from './outbound/tables.js';
import { identityUpkeep } from './outbound/upkeep.js';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Identity, whole. @throws StartRefused when this database is not for these settings */
export async function startIdentity(settings: IdentitySettings, adapters: Partial<Adapters> = {}): Promise<Served> {
  const { foundation, face } = await composeIdentity(settings, adapters);
  return serve(foundation, face);
}

/** Identity but for its door, and the keys that prove its tokens. @throws StartRefused as `startIdentity` does */
export async function composeIdentity(
  settings: IdentitySettings,
  adapters: Partial<Adapters>,
): Promise<Composed<Work> & { readonly keys: () => Promise<JsonWebKeySet> }> {
  const keyring = Promise.withResolvers<Keyring>();
  const keys = async (): Promise<JsonWebKeySet> => (await keyring.promise).jwks();
  let opened: Keyring | undefined;
  const sessionMs = settings.SESSION_DAYS * dayMs;
  const foundation = await startFoundation({
    name: 'identity',
    settings,
    tables: identityTables,
    workIn: identityWorkIn,
    subscriptions: [],
    tells: [topics.identityEvents],
    keys,
    upkeep: identityUpkeep(sessionMs),
    adapters,
  });
  const { pool, denyList, health, metrics } = foundation;
  const secret = settings.IDENTITY_SECRET;
  const deps = {
    announce: announcements,
    reader: createIdentityReader(pool),
    passwords: await createPasswords({
      atOnce: settings.PASSWORD_HASHERS,
      waiting: settings.PASSWORD_HASHERS * 32,
      metrics,
    }),
    refreshTokens: createRefreshTokens(secret),
    attemptKeys: createAttemptKeys(secret),
    sessionMs,
    denyList,
    origins: settings.ALLOWED_ORIGINS,
    accessTokens: { issue: async (...args: Parameters<Keyring['issue']>) => here(opened).issue(...args) },
    jwks: () => here(opened).jwks(),
  };
  const transact = transactOf(foundation);
  const setUp = async (): Promise<void> => {
    await refuseDemoPeople(settings, deps.reader);
    await ensureFirstOperator(settings, { ...deps, transact });
    opened = await startKeyring({
      ...foundation,
      reader: deps.reader,
      transact,
      safe: createSafe(secret),
      rotation: { everyMs: settings.SIGNING_KEY_DAYS * dayMs, noticeMs: hourMs },
      tokenSeconds: settings.ACCESS_TOKEN_SECONDS,
    });
    keyring.resolve(opened);
    health.report('users and keys', { ok: true });
  };
  health.report('users and keys', { ok: false, detail: 'not read yet' });
  try {
    const settingUp = await untilDone({ ...foundation, what: 'users and keys' }, setUp);
    const face: ServeOptions = {
      title: 'Identity',
      description: 'Who somebody is and what they may: users, sessions, roles, and the keys that prove it.',
      routes: [
        ...userRoutes(deps),
        ...sessionRoutes(deps),
        ...peopleRoutes(deps),
        ...keyRoutes(deps),
        ...gophermartRoutes(deps),
      ],
      refusal,
      attach: () => ({
        [Symbol.asyncDispose]: async () => {
          await settingUp[Symbol.asyncDispose]();
          await opened?.[Symbol.asyncDispose]();
        },
      }),
    };
    return { foundation, face, keys };
  } catch (error) {
    await opened?.[Symbol.asyncDispose]();
    await foundation.stopMessaging();
    await foundation.close();
    throw error;
  }
}

/** Units of work that no request asked for. */
const transactOf = ({ transact, ids, denyList }: Foundation<Work>): Transact =>
  settle(async (announced, run) => {
    const { reply } = await transact({ cause: { correlationId: ids.next() } }, announced, run);
    return reply;
  }, denyList);

function here(keyring: Keyring | undefined): Keyring {
  if (keyring === undefined) throw new IdentityRefused('unavailable', 'the service is still starting', 1);
  return keyring;
}

/** Everybody knows the passwords of a demonstration. */
async function refuseDemoPeople({ GSTORE_MODE: mode }: IdentitySettings, reader: Reader): Promise<void> {
  if (mode === 'production' && (await reader.hasDemoPeople())) {
    throw new StartRefused('this database holds the people of a demonstration: production needs one of its own');
  }
}

async function ensureFirstOperator(settings: IdentitySettings, deps: Parameters<typeof ensureUser>[0]): Promise<void> {
  const { FIRST_OPERATOR_LOGIN: login, FIRST_OPERATOR_PASSWORD: password } = settings;
  if (login === undefined || password === undefined) return;
  await ensureUser(deps, { login, password, roles: ['customer', 'operator'] });
}
