import { systemRandomness, systemTimers } from '@g-store/runtime';
import { createDatabase, eventually } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import { republish } from '../src/relay/republish.js';
import {
  changeOrder,
  openRelay,
  otherTopic,
  recordingBroker,
  shopMigration,
  toldOf,
  topic,
  upTo,
  versionsByKey,
  withSession,
} from './outbox-shop.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ migrations: [shopMigration] });
});
afterEach(() => database.drop());

/** A row as a dump holds it: with the transaction id that it had on the server it comes from. */
const restoreRow = (xid: bigint, key: string, version: number): Promise<void> =>
  withSession(database.superUrl, async (session) => {
    await session.query(
      `INSERT INTO outbox (xid, topic, part, key, body, event_id, created_at)
       VALUES ($1, 1, 0, $2, $3, uuidv7(), now())`,
      [xid, Buffer.from(key), Buffer.from(JSON.stringify({ key, version }))],
    );
  });

const currentXid = async (): Promise<bigint> => {
  const [row] = await database.sql<{ xid: string }>`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid`;
  return BigInt(row?.xid ?? 0);
};

describe('after the database was restored from a dump', () => {
  it('restore with a lower xid: what the old server had not published goes out, and nothing that it had, now or later', async () => {
    const ahead = (await currentXid()) + 60n;
    await restoreRow(ahead, 'published', 1);
    await restoreRow(ahead + 3n, 'late', 1); // ran while the last tick was taken
    await restoreRow(ahead + 20n, 'unpublished', 1);
    const snapshot = `${ahead + 3n}:${ahead + 10n}:${ahead + 3n}`;
    await database.sql`INSERT INTO outbox_tick (id, p, c, done, fence) VALUES (1, ${snapshot}, ${snapshot}, 0, 7)`;
    await database.sql`UPDATE outbox_origin SET system_identifier = 1, seen_seq = 1`;
    await database.sql`UPDATE outbox_lease SET fence = 7, holder = 'of the old server'`;
    // Customers are back before the relay is: ids of this server are low, as if published long ago.
    await withSession(database.url, (session) => changeOrder(session, 'new'));

    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    const names = () => toldOf(broker.log).map(({ key }) => key);
    await eventually(() => expect(names()).toEqual(['late', 'unpublished', 'new']));

    // The ids of this server pass those of the old one.
    await withSession(database.url, async (session) => {
      for (const _ of upTo(120)) await changeOrder(session, 'new');
    });
    expect(await currentXid()).toBeGreaterThan(ahead + 20n);
    relay.wake();
    await eventually(() => expect(versionsByKey(broker.log).get('new')).toEqual(upTo(121)));
    expect(names().filter((name) => name !== 'new')).toEqual(['late', 'unpublished']);
  });

  it('a tick that the old server had begun is sent again from its start', async () => {
    const ahead = (await currentXid()) + 1_000n;
    await restoreRow(ahead - 1n, 'done', 1);
    await restoreRow(ahead + 1n, 'half done', 1);
    await database.sql`INSERT INTO outbox_tick (id, p, c, done, fence)
      VALUES (1, ${`${ahead}:${ahead}:`}, ${`${ahead + 5n}:${ahead + 5n}:`}, 0, 7)`;
    await database.sql`UPDATE outbox_origin SET seen_seq = 2`;
    const broker = recordingBroker();
    await using _relay = await openRelay(database, broker);
    await eventually(() => expect(toldOf(broker.log).map(({ key }) => key)).toEqual(['half done']));
    await withSession(database.url, (session) => changeOrder(session, 'new'));
    await eventually(() => expect(toldOf(broker.log).map(({ key }) => key)).toEqual(['half done', 'new']));
  });
});

describe('when the broker lost what it had acknowledged', () => {
  const send = (
    broker: ReturnType<typeof recordingBroker>,
    options: { since: Date; dryRun?: boolean; only?: string[] },
  ) =>
    republish({
      databaseUrl: database.url,
      broker,
      topics: [topic, otherTopic],
      timers: systemTimers,
      randomness: systemRandomness,
      ...options,
    });

  it('republish: what is kept since a time is sent again, the same bytes in the same order', async () => {
    const broker = recordingBroker();
    const tell = (keys: readonly string[], topicId?: number) =>
      withSession(database.url, async (session) => {
        for (const key of keys) await changeOrder(session, key, topicId);
      });
    await tell(['early']);
    const [moment] = await database.sql<{ now: Date }>`SELECT clock_timestamp() AS now`;
    const since = moment?.now ?? new Date();
    await tell(['a', 'b', 'a']);
    await tell(['paid'], otherTopic.id);
    const relay = await openRelay(database, broker);
    await eventually(async () => expect(await relay.status()).toMatchObject({ connected: true, pending: 0 }));
    await relay[Symbol.asyncDispose]();
    await tell(['not published yet']);

    const again = recordingBroker();
    expect(await send(again, { since, dryRun: true })).toBe(4);
    expect(again.log).toEqual([]);
    expect(await send(again, { since })).toBe(4);
    expect(again.log).toEqual(broker.log.slice(1));

    const some = recordingBroker();
    expect(await send(some, { since, only: [otherTopic.name] })).toBe(1);
    expect(toldOf(some.log)).toEqual([{ key: 'paid', version: 1 }]);
  });

  it('republishing more than a page tells how far it is', async () => {
    await withSession(database.url, (session) =>
      session.query(`INSERT INTO outbox (topic, part, key, body, event_id, created_at)
        SELECT 1, 0, 'k', convert_to(json_build_object('key', 'k', 'version', v)::text, 'UTF8'), uuidv7(), now()
        FROM generate_series(1, 11000) v`),
    );
    const broker = recordingBroker();
    const relay = await openRelay(database, broker);
    await eventually(async () => expect(await relay.status()).toMatchObject({ connected: true, pending: 0 }));
    await relay[Symbol.asyncDispose]();
    const again = recordingBroker();
    const progress: number[] = [];
    await republish({
      databaseUrl: database.url,
      broker: again,
      topics: [topic, otherTopic],
      timers: systemTimers,
      randomness: systemRandomness,
      since: new Date(0),
      onProgress: (events) => progress.push(events),
    });
    expect(progress).toEqual([5_000, 10_000, 11_000]);
    expect(versionsByKey(again.log).get('k')).toEqual(upTo(11_000));
  });
});
