import { createDatabase, eventually } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import {
  changeOrder,
  firstTold,
  openRelay,
  recordingBroker,
  shopMigration,
  toldOf,
  upTo,
  versionsByKey,
  withSession,
} from './outbox-shop.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ migrations: [shopMigration] });
});
afterEach(() => database.drop());

const isPublished = async (): Promise<void> => {
  const [row] = await database.sql<{ open: boolean }>`SELECT p::text <> c::text OR EXISTS (
    SELECT FROM outbox WHERE NOT pg_visible_in_snapshot(xid, c)) AS open FROM outbox_tick ORDER BY id DESC LIMIT 1`;
  expect(row?.open).toBe(false);
};

describe('an event is published when its change is committed', () => {
  it('late committer: an event whose number was taken early and whose change was committed late is not forgotten', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    await withSession(database.url, async (slow) => {
      await slow.query('BEGIN');
      await changeOrder(slow, 'slow');
      await withSession(database.url, (quick) => changeOrder(quick, 'quick'));
      relay.wake();
      await eventually(() => expect(toldOf(broker.log)).toEqual([{ key: 'quick', version: 1 }]));
      await slow.query('COMMIT');
    });
    relay.wake();
    await eventually(() => expect(toldOf(broker.log).map(({ key }) => key)).toEqual(['quick', 'slow']));
  });

  it('long transaction: while one customer dawdles, everybody else’s events go out', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    await withSession(database.url, async (dawdler) => {
      await dawdler.query('BEGIN');
      await changeOrder(dawdler, 'dawdler');
      await withSession(database.url, async (busy) => {
        for (const n of upTo(50)) {
          await changeOrder(busy, 'busy');
          relay.wake();
          await eventually(() => expect(broker.log).toHaveLength(n));
        }
      });
      expect(versionsByKey(broker.log)).toEqual(new Map([['busy', upTo(50)]]));
      await dawdler.query('COMMIT');
    });
    await eventually(() => expect(toldOf(broker.log).at(-1)).toEqual({ key: 'dawdler', version: 1 }));
    expect(broker.log).toHaveLength(51);
  });

  it('never publishes a change that was rolled back', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    await withSession(database.url, async (session) => {
      await session.query('BEGIN');
      await changeOrder(session, 'undone');
      await session.query('ROLLBACK');
      await changeOrder(session, 'done');
    });
    relay.wake();
    await eventually(isPublished);
    expect(toldOf(broker.log)).toEqual([{ key: 'done', version: 1 }]);
  });

  it('first relay ever: what was written before there was a relay is published too', async () => {
    await withSession(database.url, async (session) => {
      for (const key of ['a', 'b', 'a']) await changeOrder(session, key);
    });
    const broker = recordingBroker();
    await using _relay = await openRelay(database, broker);
    await eventually(() =>
      expect(versionsByKey(broker.log)).toEqual(
        new Map([
          ['a', [1, 2]],
          ['b', [1]],
        ]),
      ),
    );
  });
});

describe('the events of one order keep their order', () => {
  it('when the transaction that began first changes the order last', async () => {
    await withSession(database.url, (first) =>
      withSession(database.url, async (second) => {
        for (const session of [first, second]) {
          await session.query('BEGIN');
          await session.query('INSERT INTO shop_note DEFAULT VALUES');
        }
        await changeOrder(second, 'fought over');
        await second.query('COMMIT');
        await changeOrder(first, 'fought over');
        await first.query('COMMIT');
      }),
    );
    const broker = recordingBroker();
    await using _relay = await openRelay(database, broker);
    await eventually(() => expect(broker.log).toHaveLength(2));
    expect(toldOf(broker.log).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('key order under contention: eight tills fight over three orders, and nothing is lost, doubled or turned round', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    const keys = ['a', 'b', 'c'];
    await Promise.all(
      upTo(8).map((till) =>
        withSession(database.url, async (session) => {
          for (const n of upTo(60)) {
            await session.query('BEGIN');
            await session.query('INSERT INTO shop_note DEFAULT VALUES');
            await changeOrder(session, keys[(till * 7 + n * 5) % 3] ?? 'a');
            await session.query(n % 7 === 0 ? 'ROLLBACK' : 'COMMIT');
            relay.wake();
          }
        }),
      ),
    );
    await eventually(isPublished);
    const orders = await database.sql<{ id: string; version: number }>`SELECT id, version FROM shop_order ORDER BY id`;
    const versions = versionsByKey(broker.log);
    for (const { id, version } of orders) expect(versions.get(id)).toEqual(upTo(version));
    expect(broker.log).toHaveLength(orders.reduce((sum, { version }) => sum + version, 0));
    expect(broker.overlapped).toBe(false);
  });
});

describe('a long queue of events', () => {
  it('backlog larger than a page: goes out whole and in order, a piece at a time', async () => {
    await withSession(database.url, async (session) => {
      await session.query(`INSERT INTO outbox (topic, part, key, body, event_id, created_at)
        SELECT 1, k % 4, convert_to('k' || k, 'UTF8'), convert_to(json_build_object('key', 'k' || k, 'version', v)::text, 'UTF8'), uuidv7(), now()
        FROM generate_series(1, 1234) v, generate_series(1, 10) k`);
    });
    const broker = recordingBroker();
    broker.failNext(2);
    await using _relay = await openRelay(database, broker);
    await eventually(isPublished, { within: 20_000 });
    expect(firstTold(broker.log)).toHaveLength(12_340);
    for (const versions of versionsByKey(broker.log).values()) expect(versions).toEqual(upTo(1234));
    expect(Math.max(...broker.requests.map(({ length }) => length))).toBeLessThanOrEqual(2_000);
    const ticks = await database.sql`SELECT FROM outbox_tick WHERE p::text <> c::text`;
    expect(ticks).toHaveLength(1);
  });

  it('a broker that refuses gets the identical request again', async () => {
    const broker = recordingBroker();
    await withSession(database.url, async (session) => {
      for (const key of ['a', 'b', 'c', 'a']) await changeOrder(session, key);
    });
    broker.failNext(3);
    await using _relay = await openRelay(database, broker);
    await eventually(() => expect(broker.requests).toHaveLength(4));
    const [first, ...others] = broker.requests;
    for (const request of others) expect(request).toEqual(first);
    await eventually(isPublished);
  });
});
