import { withClient, type BenchStack } from '../stack.mts';

export interface Seed {
  /** Their ids are `<name>-<number>`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Events of each account. */
  readonly events: number;
}

/** Accounts with a history, written past the triggers that would look at every event again; the rules hold all the same. */
export async function seedAccounts(
  stack: BenchStack,
  database: string,
  { name, from, to, events }: Seed,
): Promise<void> {
  const url = Object.assign(new URL(stack.superuserUrl), { pathname: `/${database}` }).href;
  await withClient(url, async (client) => {
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO points_events (account_id, version, kind, change, balance_after, cause, reason, actor, at)
       SELECT $1::text || '-' || a, n, 'adjusted', 100, 100 * n, $1::text || '-' || a || '-' || n, 'a gift', 'staff:bench',
         now() - (($4::integer - n) * interval '1 second')
       FROM generate_series($2::integer, $3::integer) a, generate_series(1, $4::integer) n`,
      [name, from, to, events],
    );
    await client.query(
      `INSERT INTO points_account
       SELECT account_id, balance_after, 0, 0, version, version, at - (version - 1) * interval '1 second', at
       FROM points_events WHERE account_id IN (SELECT $1::text || '-' || a FROM generate_series($2::integer, $3::integer) a) AND version = $4::integer`,
      [name, from, to, events],
    );
    await client.query('VACUUM ANALYZE points_events, points_account');
    await client.query('CHECKPOINT');
  });
}
