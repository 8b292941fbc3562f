import { openPool, startUnitOfWork } from '@g-store/messaging';
import { createIds, createMetrics, silentLog, systemClock, systemRandomness, systemTimers } from '@g-store/runtime';
import { seedDemoPeople } from './application/demo-people.js';
import type { IdentitySettings } from './config.js';
import { createPasswords } from './outbound/argon2-passwords.js';
import { createIdentityReader } from './outbound/identity-reader.js';
import { announcements, identityWorkIn } from './outbound/identity-work.js';
import { identityTables } from './outbound/tables.js';

/**
 * Sows the people of a demonstration, each with the password `<login>-password`. @returns the logins that are new
 * @throws Error in production
 */
export async function seedIdentity(
  settings: Pick<IdentitySettings, 'GSTORE_MODE' | 'DATABASE_URL'>,
): Promise<readonly string[]> {
  if (settings.GSTORE_MODE !== 'demo') throw new Error('only a demonstration is seeded: GSTORE_MODE must be demo');
  const databaseUrl = settings.DATABASE_URL;
  const log = silentLog;
  const ids = createIds(systemClock);
  const metrics = createMetrics({ service: 'identity-seed' });
  const pool = openPool(databaseUrl, { applicationName: 'identity seed', max: 2, log });
  const unitOfWork = await startUnitOfWork({
    name: 'identity seed',
    databaseUrl,
    tables: identityTables,
    clock: systemClock,
    timers: systemTimers,
    randomness: systemRandomness,
    metrics,
    ids,
    log,
  });
  try {
    return await seedDemoPeople({
      announce: announcements,
      reader: createIdentityReader(pool),
      passwords: await createPasswords({ atOnce: 1, waiting: 8, metrics }),
      transact: async (announced, run) => {
        const command = { announced, cause: { correlationId: ids.next() } };
        return (await unitOfWork.transact(command, (rows) => run(identityWorkIn(rows)))).reply;
      },
    });
  } finally {
    await unitOfWork[Symbol.asyncDispose]();
    await pool.end();
  }
}
