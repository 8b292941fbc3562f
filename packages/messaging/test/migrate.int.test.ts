import { createDatabase } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import { connect } from '../src/database.js';
import { migrate } from '../src/migrate.js';
import type { Migration } from '../src/migrate.js';
import { uuidTableUpkeep } from '../src/outbox/upkeep.js';
import { dropUuidPartitions, ensureUuidPartitions, uuidFloor } from '../src/outbox/uuid-partitions.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

const shop: Migration = {
  name: 'shop-001',
  sql: `CREATE TABLE shelf (id integer PRIMARY KEY, note text DEFAULT 'empty?'); GRANT SELECT ON shelf TO :app; SELECT 'a:app'::text;`,
};
const fails: Migration = { name: 'shop-002', sql: 'CREATE TABLE half (id integer); SELECT 1/0;' };
const run = (migrations: readonly Migration[]): Promise<void> =>
  migrate({ ownerUrl: database.ownerUrl, appRole: database.appRole, migrations });

const withOwner = async <T>(use: (owner: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> => {
  const owner = await connect(database.ownerUrl, { applicationName: 'test' });
  try {
    return await use(owner);
  } finally {
    await owner.end();
  }
};

describe('bringing a database up to date', () => {
  it('two processes that start together take turns, and the second finds nothing to do', async () => {
    await Promise.all([run([shop]), run([shop]), run([shop])]);
    expect((await database.pool.query('SELECT * FROM shelf')).rows).toEqual([]);
    const names = await database.sql<{ name: string }>`SELECT name FROM knex_migrations ORDER BY id`;
    expect(names.map(({ name }) => name)).toEqual([
      'messaging-001-outbox',
      'messaging-002-tables',
      'messaging-003-operations',
      'shop-001',
    ]);
  });

  it('a step that fails leaves nothing behind, and the next run goes on from there', async () => {
    await expect(run([shop, fails])).rejects.toThrow('division by zero');
    const half = async () => (await database.sql`SELECT to_regclass('half') AS half`)[0]?.['half'];
    expect(await half()).toBeNull();
    await run([shop, { ...fails, sql: 'CREATE TABLE half (id integer)' }]);
    expect(await half()).toBe('half');
  });

  it('a run that was killed half-way is completed by the next one', async () => {
    await run([]);
    // What a killed knex leaves behind.
    await database.sql`UPDATE knex_migrations_lock SET is_locked = 1`;
    await run([shop]);
    expect((await database.pool.query('SELECT * FROM shelf')).rows).toEqual([]);
  });
});

describe('the role that a service runs as', () => {
  it.each([
    'UPDATE outbox SET part = 0',
    'DELETE FROM outbox',
    'TRUNCATE outbox',
    'DELETE FROM outbox_tick',
    'DROP TABLE outbox',
  ])('may not %s', async (statement) => {
    await expect(database.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });
});

describe('tables that are divided by time', () => {
  const day = 86_400_000;
  const table = { name: 'attempt', periodMs: day, keepMs: day, ahead: 3 };
  const idAt = (ms: number): string => uuidFloor(ms).replace(/0000-000000000000$/, '8000-000000000001');
  const add = (ms: number) => database.pool.query('INSERT INTO attempt VALUES ($1)', [idAt(ms)]);

  it('have room for the days to come and for ids from long ago', async () => {
    await withOwner((owner) => ensureUuidPartitions(owner, table));
    for (const ms of [0, Date.now() - 400 * day, Date.now(), Date.now() + 3 * day]) await add(ms);
    expect(await database.sql`SELECT FROM attempt`).toHaveLength(4);
    await expect(add(Date.now() + 40 * day)).rejects.toThrow('no partition of relation');
  });

  it('have room as soon as they are there, and lose nothing when they are kept for ever', async () => {
    const kept = { name: 'kept', periodMs: 30 * day, ahead: 1 };
    const sql = 'CREATE TABLE kept (id uuid PRIMARY KEY) PARTITION BY RANGE (id); GRANT SELECT, INSERT ON kept TO :app';
    await run([{ name: 'kept-001', sql, divided: [kept] }]);
    const times = [0, Date.now() - 4_000 * day, Date.now(), Date.now() + 30 * day];
    for (const ms of times) await database.pool.query('INSERT INTO kept VALUES ($1)', [idAt(ms)]);
    await withOwner(async (owner) => {
      for (const { run: keep } of uuidTableUpkeep(kept)) await keep(owner);
    });
    expect(await database.sql`SELECT FROM kept`).toHaveLength(4);
  });

  it('lose what is too old, and nothing else', async () => {
    await withOwner(async (owner) => {
      await owner.query('CREATE TABLE seen (id uuid PRIMARY KEY) PARTITION BY RANGE (id)');
      const seen = { name: 'seen', periodMs: day, keepMs: 3 * day, ahead: 1 };
      await ensureUuidPartitions(owner, seen);
      const ages = [10, 2.99, 1, 0];
      for (const age of ages) await owner.query('INSERT INTO seen VALUES ($1)', [idAt(Date.now() - age * day)]);
      await dropUuidPartitions(owner, seen);
      expect((await owner.query('SELECT FROM seen')).rows).toHaveLength(4);
      await dropUuidPartitions(owner, { ...seen, keepMs: day });
      expect((await owner.query('SELECT FROM seen')).rows).toHaveLength(2);
      await owner.query('INSERT INTO seen VALUES ($1)', [idAt(Date.now() - 10 * day)]);
      await ensureUuidPartitions(owner, seen);
      expect((await owner.query('SELECT FROM seen')).rows).toHaveLength(3);
    });
  });
});
