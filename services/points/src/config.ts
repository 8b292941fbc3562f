import { databaseUrl, integer, optional, parsed, readSettings, secret } from '@g-store/config';
import type { Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

/** Whom to ask for the rewards of uploaded orders; without it nobody is asked. */
export const accrualSystemAddress = optional(parsed('http://host:port', (given) => addressIn(given)));

export const readPointsSettings = (env: Environment = process.env) =>
  readSettings(env, {
    ...foundationSettings,
    ACCRUAL_SYSTEM_ADDRESS: accrualSystemAddress,
    /** The staff API key of the scope `accrual` with which it is asked, if it wants one. */
    ACCRUAL_SYSTEM_KEY: optional(secret()),
    /** Questions a minute that it allows this process, where that is known; otherwise its first 429 tells. */
    ACCRUAL_SYSTEM_REQUESTS_PER_MINUTE: optional(integer(undefined, { min: 1, max: 100_000_000 })),
  });

/** `host:port` alone will do. */
function addressIn(given: string): URL | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(given) ? given : `http://${given}`);
  return url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' ? url : undefined;
}

export type PointsSettings = ReturnType<typeof readPointsSettings>;

/** What `rebuild` needs. */
export const readRebuildSettings = (env: Environment = process.env) =>
  readSettings(env, { DATABASE_OWNER_URL: databaseUrl() });
