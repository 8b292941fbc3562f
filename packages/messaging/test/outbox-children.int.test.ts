import { createHealth } from '@g-store/runtime';
import { createDatabase, eventually, startPostgres } from '@g-store/testing';
import type { PostgresServer, TestDatabase } from '@g-store/testing';
import { connect, isTransient } from '../src/database.js';
import { dropOutboxChildren, ensureOutboxChildren } from '../src/outbox/children.js';
import {
  changeOrder,
  openRelay,
  recordingBroker,
  shopMigration,
  upTo,
  versionsByKey,
  withSession,
} from './outbox-shop.js';

// Of its own: a snapshot counts the open transactions of the whole server, so other suites' would keep children alive.
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ migrations: [shopMigration], server: server.url });
  await withOwner(async (owner) => {
    await owner.query('DROP TABLE outbox_0, outbox_1000000, outbox_2000000');
    await ensureOutboxChildren(owner, { childRows: 100n });
  });
});
afterEach(() => database.drop());

const withOwner = async <T>(use: (owner: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> => {
  const owner = await connect(database.ownerUrl, { applicationName: 'test' });
  try {
    return await use(owner);
  } finally {
    await owner.end();
  }
};

const childrenOf = async (): Promise<string[]> =>
  (
    await database.sql<{ name: string }>`SELECT relname::text AS name FROM pg_class
    WHERE relkind = 'r' AND relname ~ '^outbox_[0-9]+$' ORDER BY length(relname), relname`
  ).map(({ name }) => name);

describe('the log is kept in children that come and go', () => {
  it('rotation under eight writers: children are made and dropped all the time, and no write fails and no event is lost', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker, {
      outbox: { childRows: 100n, ahead: 40, retentionMs: 1 },
      upkeepEveryMs: 20,
    });
    // Room for all of it from the start: whether new children come soon enough is a matter of speed, not of rotation.
    await eventually(async () => expect((await childrenOf()).length).toBeGreaterThanOrEqual(40));
    await Promise.all(
      upTo(8).map((till) =>
        withSession(database.url, async (session) => {
          for (const _ of upTo(400)) {
            await session.query('BEGIN');
            await changeOrder(session, `order of till ${till}`);
            await session.query('COMMIT');
            relay.wake();
          }
        }),
      ),
    );
    await eventually(() => expect([...versionsByKey(broker.log).values()]).toEqual(upTo(8).map(() => upTo(400))));
    expect(broker.log).toHaveLength(3_200);
    await eventually(async () => expect((await childrenOf()).length).toBeLessThanOrEqual(42));
    expect(await childrenOf()).not.toContain('outbox_0');
    await eventually(async () => expect(await childrenOf()).toContain('outbox_7000'));
  });

  it('a child stays while it is young, while it holds what is not published, and while somebody may still write to it', async () => {
    await withSession(database.url, (session) =>
      withOwner(async (owner) => {
        await session.query('BEGIN');
        for (const _ of upTo(100)) await changeOrder(session, 'a');
        expect(await dropOutboxChildren(owner, { retentionMs: 0 }).catch(() => 0)).toBe(0);
        await session.query('COMMIT');
        expect(await dropOutboxChildren(owner, { retentionMs: 0 })).toBe(0);
        const relay = await openRelay(database, recordingBroker(), {
          upkeepEveryMs: 3_600_000,
          outbox: { childRows: 100n },
        });
        await eventually(async () => expect(await relay.status()).toMatchObject({ connected: true, pending: 0 }));
        await relay[Symbol.asyncDispose]();
        expect(await dropOutboxChildren(owner)).toBe(0);
        expect(await dropOutboxChildren(owner, { retentionMs: 0 })).toBe(1);
        expect(await childrenOf()).not.toContain('outbox_0');
      }),
    );
  });

  it('a detach that was left half-done is finished before anything else', async () => {
    await withSession(database.url, async (session) => {
      for (const _ of upTo(101)) await changeOrder(session, 'a');
      const relay = await openRelay(database, recordingBroker(), {
        upkeepEveryMs: 3_600_000,
        outbox: { childRows: 100n },
      });
      await eventually(async () => expect(await relay.status()).toMatchObject({ connected: true, pending: 0 }));
      await relay[Symbol.asyncDispose]();
      // A reader in the middle of a transaction holds the detach up.
      await session.query('BEGIN');
      await session.query('SELECT count(*) FROM outbox');
      await withOwner(async (owner) => {
        await expect(dropOutboxChildren(owner, { retentionMs: 0 })).rejects.toThrow('lock timeout');
        const pending = await database.sql`SELECT FROM pg_inherits WHERE inhdetachpending`;
        expect(pending).toHaveLength(1);
        await session.query('COMMIT');
        await dropOutboxChildren(owner, { retentionMs: 0 });
        expect(await childrenOf()).not.toContain('outbox_0');
        await changeOrder(session, 'a');
      });
    });
  });

  it('no child left: writes fail and the service is red, until a child can be made; then all goes on', async () => {
    const broker = recordingBroker();
    const health = createHealth();
    await withSession(database.superUrl, async (blocker) => {
      await blocker.query('BEGIN');
      // As a VACUUM or an index being built would: writers may go on, children may not come.
      await blocker.query('LOCK TABLE outbox IN SHARE UPDATE EXCLUSIVE MODE');
      await using relay = await openRelay(database, broker, { health, upkeepEveryMs: 50, outbox: { childRows: 100n } });
      await withSession(database.url, async (session) => {
        for (const _ of upTo(299)) await changeOrder(session, 'a');
        await session.query('BEGIN');
        const failure: unknown = await changeOrder(session, 'a').catch((error: unknown) => error);
        expect(failure).toMatchObject({ message: expect.stringContaining('no partition of relation "outbox" found') });
        expect(isTransient(failure)).toBe(true);
        await session.query('ROLLBACK');
        await eventually(() => expect(health.readiness().parts['outbox']?.ok).toBe(false), { within: 10_000 });
        await blocker.query('ROLLBACK');
        await eventually(() => expect(health.readiness().parts['outbox']?.ok).toBe(true), { within: 10_000 });
        await changeOrder(session, 'a');
        relay.wake();
        await eventually(() => expect(versionsByKey(broker.log).get('a')).toEqual(upTo(300)));
      });
    });
  });

  it('ticks that are done and an hour old go, and the newest stay', async () => {
    await database.sql`INSERT INTO outbox_tick (id, p, c, done, fence, at)
      SELECT n, '3:3:', '3:3:', n - 1, 0, now() - interval '2 hours' FROM generate_series(1, 2500) n`;
    await using _relay = await openRelay(database, recordingBroker());
    await eventually(async () => {
      const [row] = await database.sql<{ n: number }>`SELECT count(*)::int AS n FROM outbox_tick`;
      expect(row?.n).toBeLessThanOrEqual(3);
    });
  });
});
