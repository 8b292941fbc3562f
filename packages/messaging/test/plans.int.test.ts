import { randomUUID } from 'node:crypto';
import type { Client, QueryConfig } from 'pg';
import { createDatabase, type TestDatabase } from '@g-store/testing';
import { connect } from '../src/index.js';
import { lockStreams, updateStreams } from '../src/inbox/records.js';
import { selectKept } from '../src/unit-of-work/idempotency.js';
import { statementsFor } from '../src/unit-of-work/statements.js';
import { jars, shelf, type Jar } from './shelf.js';

let database: TestDatabase;
let session: Client;
beforeAll(async () => {
  database = await createDatabase({ migrations: [shelf] });
  session = await connect(database.url, { applicationName: 'plans', pipeline: true });
});
afterAll(async () => {
  await session.end();
  await database.drop();
});

const jar: Jar = { id: randomUUID(), label: 'one', amount: 1n, version: 1 };
const of = { consumer: 'shelf', topic: 'order.events' };
const key = { principal: 'p', route: 'r', key: 'k', fingerprint: Buffer.alloc(32) };

const statements: readonly (readonly [string, QueryConfig])[] = [
  ['the rows that a command locks', statementsFor(jars).select(['id'], [[jar.id]])],
  ['the rows that it changes', statementsFor(jars).update([{ from: jar, to: { ...jar, version: 2 } }])],
  ['the streams of a batch', lockStreams(of, [jar.id])],
  ['the streams that move on', updateStreams(of, [{ key: jar.id, version: 2, hold: null, final: false }])],
  ['kept answers', selectKept([key])],
];

/** A plan lasts as long as its session, so the one of an opening day is still used when there are millions of rows. */
describe.each([0, 40])('planned when a table holds %i rows', (rows) => {
  beforeAll(async () => {
    await database.sql`INSERT INTO jar SELECT gen_random_uuid(), n::text, 1, 1 FROM generate_series(1, ${rows}) n`;
    await database.sql`INSERT INTO stream (consumer, topic, key, version) SELECT 'shelf', 'order.events', n::text, 1 FROM generate_series(1, ${rows}) n`;
    await database.sql`INSERT INTO idempotency SELECT 'p', 'r', n::text, '', '{}', now() FROM generate_series(1, ${rows}) n`;
    if (rows > 0) await database.sql`ANALYZE jar, stream, idempotency`;
  });

  it.each(statements)('%s are found by their keys, never by reading the table', async (_what, { text }) => {
    const { rows: lines } = await session.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`);
    const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan/);
    // The index is entered with each of the keys, not read through from one end to the other.
    expect(plan).toMatch(/Index Cond: .*(= ANY \(\$\d\)|= n\.|= unnest)/);
    expect(plan).toMatch(/Index Cond: .*(id|key) = /);
  });
});
