import { createDatabase, type TestDatabase } from '../src/index.js';

const shop = {
  name: '001-shop',
  sql: 'CREATE TABLE shelf (id integer PRIMARY KEY, thing text NOT NULL); GRANT SELECT, INSERT ON shelf TO :app;',
};

describe('a database for a test file', () => {
  let databases: TestDatabase[] = [];
  beforeAll(async () => {
    databases = await Promise.all([1, 2, 3].map(() => createDatabase({ migrations: [shop] })));
  });
  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  const [first, second] = [() => at(0), () => at(1)];
  const at = (index: number): TestDatabase => {
    const found = databases[index];
    if (found === undefined) throw new Error('no database');
    return found;
  };

  it('holds the tables of the service and of messaging, and nobody else sees its rows', async () => {
    await first().pool.query("INSERT INTO shelf VALUES (1, 'tea')");
    expect(await first().sql`SELECT thing FROM shelf WHERE id = ${1}`).toEqual([{ thing: 'tea' }]);
    expect(await second().sql`SELECT thing FROM shelf`).toEqual([]);
    expect(await first().sql`SELECT FROM outbox`).toEqual([]);
  });

  it('lets the service do only what its migrations granted', async () => {
    await expect(first().pool.query('DELETE FROM shelf')).rejects.toThrow('permission denied');
    await expect(first().pool.query('CREATE TABLE more ()')).rejects.toThrow('permission denied');
  });

  it('is gone once it is dropped', async () => {
    const gone = await createDatabase({ migrations: [shop] });
    await gone.drop();
    expect(await first().sql`SELECT FROM pg_database WHERE datname = ${gone.name}`).toEqual([]);
  });
});
