import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readAccrualSettings as readServiceSettings } from '@g-store/accrual-service/config';
import { accrualMigrations } from '@g-store/accrual-service/migrations';
import { composeAccrual } from '@g-store/accrual-service/service';
import { createShared, settingsOf } from './adapters.js';
import type { AccrualSettings } from './config.js';
import { openDoor } from './door.js';
import { openSchema } from './schema.js';

/** The accrual system alone, open to everybody as the original is. */
export async function startAccrual({
  RUN_ADDRESS: address,
  DATABASE_URI: databaseUri,
}: AccrualSettings): Promise<AsyncDisposable> {
  const databaseUrl = await openSchema({ databaseUri, name: 'accrual', migrations: accrualMigrations });
  const shared = createShared('accrual');
  const options = { open: true, keys: nobodysKeys };
  const accrual = await composeAccrual(readServiceSettings(settingsOf(databaseUrl)), shared, options);
  const door = await openDoor([accrual], {
    name: 'accrual',
    title: 'Accrual',
    description: 'What goods are rewarded with, and what orders have earned.',
    address,
    serves: (path) => path.startsWith('/api/'),
    health: shared.health,
    log: shared.log,
  });
  return {
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await shared.broker.close();
    },
  };
}

/** No token is good here: nobody has the other half of this key. */
async function nobodysKeys() {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: randomUUID() }] };
}
