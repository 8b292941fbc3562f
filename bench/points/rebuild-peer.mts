/** How one rebuilds at first (`naive`: everything in memory), and what reading alone costs (`cursor`). Started by rebuild.mts. */
import { createHash } from 'node:crypto';
import { Client } from 'pg';

interface Row {
  readonly account_id: string;
  readonly version: number;
  readonly change: string;
}

const [how = '', url = ''] = process.argv.slice(2);
const client = new Client({ connectionString: url });
await client.connect();
const select = 'SELECT * FROM points_events ORDER BY account_id, version';
const hash = createHash('sha256');
if (how === 'naive') {
  const { rows } = await client.query<Row>(select);
  const accounts = new Map<string, { balance: number; version: number }>();
  for (const { account_id: id, version, change } of rows)
    accounts.set(id, { balance: (accounts.get(id)?.balance ?? 0) + Number(change), version });
  for (const [id, account] of accounts) hash.update(`${id} ${JSON.stringify(account)}\n`);
  process.stdout.write(`${rows.length} ${hash.digest('hex')}\n`);
} else {
  await client.query('BEGIN');
  await client.query('SET LOCAL cursor_tuple_fraction = 1');
  await client.query(`DECLARE events NO SCROLL CURSOR FOR ${select}`);
  let count = 0;
  for (let fetched = -1; fetched !== 0; count += fetched)
    fetched = (await client.query('FETCH 1000 FROM events')).rows.length;
  process.stdout.write(`${count}\n`);
}
await client.end();
