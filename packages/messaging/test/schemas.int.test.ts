import { silentLog, systemTimers } from '@g-store/runtime';
import { createDatabase, eventually, type TestDatabase } from '@g-store/testing';
import { connect, migrate, startUpkeep } from '../src/index.js';

/** Services that share a database, each in a schema of its own. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  for (const name of ['east', 'west']) {
    const owner = await connect(database.ownerUrl, { applicationName: 'test' });
    await owner.query(`CREATE SCHEMA ${name}`);
    await owner.end();
    await migrate({ ownerUrl: urlOf(name), appRole: database.appRole, migrations: [] });
  }
});
afterAll(() => database.drop());

const urlOf = (schema: string): string =>
  `${database.ownerUrl}?options=${encodeURIComponent(`-c search_path=${schema}`)}`;

describe('a URL with a search path', () => {
  it('leads to the tables of that schema, and what every session wants holds as well', async () => {
    const session = await connect(urlOf('east'), { applicationName: 'test', pipeline: true });
    const { rows } = await session.query(`
      SELECT current_schema() AS schema, current_setting('enable_seqscan') AS seqscan,
        current_setting('tcp_keepalives_idle') AS idle, to_regclass('outbox')::text AS outbox`);
    await session.end();
    expect(rows).toEqual([{ schema: 'east', seqscan: 'off', idle: '10', outbox: 'outbox' }]);
    const tables = await database.sql`SELECT schemaname FROM pg_tables WHERE tablename = 'outbox_lease' ORDER BY 1`;
    expect(tables.map(({ schemaname }) => schemaname)).toEqual(['east', 'public', 'west']);
  });
});

describe('upkeep', () => {
  it('of one schema does not keep that of another from its turn, and of one schema one at a time has it', async () => {
    const begun: string[] = [];
    const { promise: enough, resolve: release } = Promise.withResolvers<void>();
    await using keeping = new AsyncDisposableStack();
    const keep = (schema: string) =>
      keeping.use(
        startUpkeep({
          ownerUrl: urlOf(schema),
          timers: systemTimers,
          log: silentLog,
          everyMs: 20,
          tasks: [{ name: 'a long one', run: () => (begun.push(schema), enough) }],
        }),
      );
    keep('east');
    await eventually(() => begun.length === 1);
    keep('east');
    keep('west');
    keeping.defer(release);
    await eventually(() => begun.includes('west'));
    expect(begun).toEqual(['east', 'west']);
  });
});
