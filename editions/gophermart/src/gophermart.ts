import { readIdentitySettings } from '@g-store/identity-service/config';
import { identityMigrations } from '@g-store/identity-service/migrations';
import { composeIdentity } from '@g-store/identity-service/service';
import { readPointsSettings } from '@g-store/points-service/config';
import { pointsMigrations } from '@g-store/points-service/migrations';
import { composePoints } from '@g-store/points-service/service';
import { createShared, settingsOf, sharedWith } from './adapters.js';
import type { GophermartSettings } from './config.js';
import { tellDenials } from './denials.js';
import { openDoor } from './door.js';
import { keepSecret, secretMigration } from './identity-secret.js';
import { openSchema } from './schema.js';

/** Gophermart, whole: identity and points in one process, over one PostgreSQL. */
export async function startGophermart(settings: GophermartSettings): Promise<AsyncDisposable> {
  const { DATABASE_URI: databaseUri, ACCRUAL_SYSTEM_ADDRESS: accrual, RUN_ADDRESS: address } = settings;
  const identityUrl = await openSchema({
    databaseUri,
    name: 'identity',
    migrations: [...identityMigrations, secretMigration],
  });
  const pointsUrl = await openSchema({ databaseUri, name: 'points', migrations: pointsMigrations });
  const secret = await keepSecret(identityUrl);

  const shared = createShared('gophermart');
  const { broker, health, log } = shared;
  const denials = await tellDenials({ databaseUrl: identityUrl, broker, log });
  const identity = await composeIdentity(
    readIdentitySettings({ ...settingsOf(identityUrl), IDENTITY_SECRET: secret }),
    sharedWith('identity', shared),
  );
  const points = await composePoints(
    readPointsSettings({ ...settingsOf(pointsUrl), ACCRUAL_SYSTEM_ADDRESS: accrual?.href }),
    sharedWith('points', shared),
    { keys: identity.keys },
  );
  const door = await openDoor([identity, points], {
    name: 'gophermart',
    title: 'Gophermart',
    description: 'Points for orders that were placed elsewhere: hand in their numbers, and pay with what they earn.',
    address,
    serves: (path) => path.startsWith('/api/user/'),
    health,
    log,
  });
  return {
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await denials[Symbol.asyncDispose]();
      await broker.close();
    },
  };
}
