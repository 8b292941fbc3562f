import { readSettings } from '@g-store/config';
import { createInProcessBroker } from '@g-store/messaging';
import { createDatabase, eventually } from '@g-store/testing';
import { foundationSettings, startFoundation } from '../src/index.js';

it('keeps its own tables in order although it tells nothing', async () => {
  await using database = await createDatabase();
  const settings = readSettings(
    {
      GSTORE_MODE: 'demo',
      PORT: '0',
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      KAFKA_BROKERS: '127.0.0.1:1',
      JWKS_URL: 'http://127.0.0.1:1/jwks.json',
      LOG_LEVELS: 'silent',
    },
    foundationSettings,
  );
  const broker = createInProcessBroker({ partitions: { 'identity.events': 1 } });
  const kept: string[] = [];
  const foundation = await startFoundation({
    name: 'listener',
    settings,
    tables: [],
    workIn: () => undefined,
    subscriptions: [],
    tells: [],
    upkeep: [{ name: 'shelves', run: async () => void kept.push('shelves') }],
    adapters: { broker },
  });
  await eventually(() => expect(kept).toEqual(['shelves']));
  await foundation.stopMessaging();
  await foundation.close();
  await broker.close();
});
