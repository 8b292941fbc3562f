import { randomUUID } from 'node:crypto';
import { createDatabase } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import { Client } from 'pg';
import type { PoolClient } from 'pg';
import { pointsMigration } from '../src/migrations/001-points.js';
import { uploadsMigration } from '../src/migrations/002-uploads.js';
import { verifyPoints } from '../src/outbound/invariants.js';
import { rebuildAccounts } from '../src/outbound/rebuild.js';

let database: TestDatabase;
let client: PoolClient;
beforeAll(async () => {
  database = await createDatabase({ migrations: [pointsMigration, uploadsMigration] });
  client = await database.pool.connect();
});
afterAll(async () => {
  client?.release();
  await database?.drop();
});

interface Happened {
  readonly account: string;
  readonly version: number;
  readonly change: number;
  readonly after: number;
  readonly kind?: string;
  readonly cause?: string;
}

const event = ({ account, version, change, after, kind = 'adjusted', cause = randomUUID() }: Happened) =>
  client.query(
    `INSERT INTO points_events (account_id, version, kind, change, balance_after, cause, order_number, reason, actor, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, now())`,
    [
      account,
      version,
      kind,
      change,
      after,
      cause,
      kind === 'withdrawn' ? '18' : null,
      kind === 'adjusted' ? 'a test' : null,
    ],
  );

const together = async (act: () => Promise<unknown>): Promise<void> => {
  await client.query('BEGIN');
  try {
    await act();
    await client.query('COMMIT');
  } catch (refused) {
    await client.query('ROLLBACK');
    throw refused;
  }
};

/** An account with 1000, of which 400 were spent on an order; everything as the service's own role. */
async function spentAccount(): Promise<{ account: string; orderId: string }> {
  const [account, orderId] = [randomUUID(), randomUUID()];
  await together(async () => {
    await client.query(`INSERT INTO points_account VALUES ($1, 600, 400, 0, 2, 1, now(), now())`, [account]);
    await event({ account, version: 1, change: 1000, after: 1000 });
    await event({ account, version: 2, change: -400, after: 600, kind: 'spent', cause: orderId });
  });
  return { account, orderId };
}

const violated = (constraint: string): unknown => expect.objectContaining({ constraint });
const forbidden = expect.objectContaining({ code: '42501' });

describe('whatever the code does, the events refuse', () => {
  it('a balance below 0, in the snapshot and in an event', async () => {
    const { account } = await spentAccount();
    const below = client.query('UPDATE points_account SET balance = -1 WHERE account_id = $1', [account]);
    await expect(below).rejects.toEqual(violated('never_below_0'));
    await expect(event({ account, version: 3, change: -601, after: -1 })).rejects.toEqual(
      violated('balance_in_bounds'),
    );
  });

  it('a balance above the limit, with what may still come back counted', async () => {
    const { account } = await spentAccount();
    const above = client.query('UPDATE points_account SET balance = 9007199254740592 WHERE account_id = $1', [account]);
    await expect(above).rejects.toEqual(violated('room_for_returns'));
  });

  it('a balance that moves without an event', async () => {
    const { account } = await spentAccount();
    const gift = client.query('UPDATE points_account SET balance = balance + 5 WHERE account_id = $1', [account]);
    await expect(gift).rejects.toEqual(violated('balance_has_its_event'));
    const another = client.query('UPDATE points_account SET balance = 700, version = 3 WHERE account_id = $1', [
      account,
    ]);
    await expect(another).rejects.toEqual(violated('balance_has_its_event'));
  });

  it('two events that both think they came next, a gap, and a sum that does not add up', async () => {
    const { account } = await spentAccount();
    const next = { account, change: 100, after: 700 };
    await expect(event({ ...next, version: 2 })).rejects.toEqual(violated('one_after_the_other'));
    await expect(event({ ...next, version: 4 })).rejects.toEqual(violated('follows_from_the_one_before'));
    await expect(event({ ...next, version: 3, after: 701 })).rejects.toEqual(violated('follows_from_the_one_before'));
    const first = { account: randomUUID(), version: 1, change: 100, after: 101 };
    await expect(event(first)).rejects.toEqual(violated('starts_at_0'));
  });

  it.each([
    ['spent', -100, 'orderId'],
    ['earned', 100, '4561261212345467'],
    ['adjusted', 100, 'request'],
  ])('a second time to have %s for one cause, on whichever account', async (kind, change, cause) => {
    const { account, orderId } = await spentAccount();
    const of = cause === 'orderId' ? orderId : `${cause}-${account}`;
    if (kind !== 'spent') await event({ account, version: 3, change, after: 700, kind, cause: of });
    const other = await spentAccount();
    const again = event({ account: other.account, version: 3, change, after: 600 + change, kind, cause: of });
    await expect(again).rejects.toEqual(violated('one_effect_of_a_cause'));
  });

  it('to return what was not spent, or not so much, or to somebody else, or twice', async () => {
    const { account, orderId } = await spentAccount();
    const back = { account, version: 3, change: 400, after: 1000, kind: 'returned', cause: orderId };
    const other = (await spentAccount()).account;
    for (const wrong of [{ cause: randomUUID() }, { change: 399, after: 999 }, { account: other }])
      await expect(event({ ...back, ...wrong })).rejects.toEqual(violated('returns_what_was_spent'));
    await event(back);
    await expect(event({ ...back, version: 4, after: 1400 })).rejects.toEqual(violated('one_effect_of_a_cause'));
  });

  it.each([
    ['spending that gives', 'spent', 100, 700],
    ['earning that takes', 'earned', -100, 500],
    ['a withdrawal that gives', 'withdrawn', 100, 700],
    ['a return that takes', 'returned', -100, 500],
  ])('%s', async (_, kind, change, after) => {
    const { account } = await spentAccount();
    await expect(event({ account, version: 3, change, after, kind })).rejects.toEqual(violated('sign_of_its_kind'));
  });

  it.each([0, 1_000_000_000_001, -1_000_000_000_001])('an amount of %p', async (change) => {
    const { account } = await spentAccount();
    await expect(event({ account, version: 3, change, after: 600 })).rejects.toEqual(violated('one_amount'));
  });

  it('to change or delete what happened: the service may not, and the owner cannot', async () => {
    const { account } = await spentAccount();
    for (const text of ['UPDATE points_events SET change = 1', 'DELETE FROM points_events', 'TRUNCATE points_events'])
      await expect(client.query(text)).rejects.toEqual(forbidden);
    for (const text of ['UPDATE points_account SET created_at = now()', 'DELETE FROM points_account'])
      await expect(client.query(text)).rejects.toEqual(forbidden);
    await using stack = new AsyncDisposableStack();
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    stack.defer(() => owner.end());
    for (const text of [
      `UPDATE points_events SET change = 1 WHERE account_id = '${account}'`,
      `DELETE FROM points_events WHERE account_id = '${account}'`,
      'TRUNCATE points_events CASCADE',
    ])
      await expect(owner.query(text)).rejects.toThrow('points_events is append-only');
  });

  it('two orders with one number', async () => {
    const order = `INSERT INTO points_order VALUES ($1, 'u1', '79927398713', 'none', 0, 0, now(), now())`;
    await client.query(order, [randomUUID()]);
    await expect(client.query(order, [randomUUID()])).rejects.toEqual(violated('points_order_number_key'));
  });
});

describe('rebuilding', () => {
  it('gives the snapshot again, byte for byte, and finds what was changed behind its back', async () => {
    const { account } = await spentAccount();
    const many = randomUUID();
    await client.query(
      `WITH e AS (INSERT INTO points_events (account_id, version, kind, change, balance_after, cause, reason, actor, at)
         SELECT $1, n, 'adjusted', 1, n, $1 || n, 'test', 'test', now() FROM generate_series(1, 12000) n)
       INSERT INTO points_account VALUES ($1, 12000, 0, 0, 12000, 12000, now(), now())`,
      [many],
    );
    // What the tests above have left without a snapshot of its own.
    await rebuildAccounts({ ownerUrl: database.ownerUrl });
    const rows = () => database.sql`SELECT a::text FROM points_account a ORDER BY account_id`;
    const before = await rows();
    const progress: number[] = [];
    const same = await rebuildAccounts({ ownerUrl: database.ownerUrl, onProgress: (done) => progress.push(done) });
    expect(same).toMatchObject({ repaired: 0, stored: same.rebuilt, events: progress.at(-1), accounts: before.length });
    expect(progress.length).toBeGreaterThan(2);

    await database.sql`UPDATE points_account SET spent = 399, told = 0, created_at = '2001-01-01' WHERE account_id = ${account}`;
    await database.sql`DELETE FROM points_account WHERE account_id = ${many}`;
    const repaired = await rebuildAccounts({ ownerUrl: database.ownerUrl });
    expect(repaired).toMatchObject({ repaired: 2, rebuilt: same.rebuilt });
    expect(repaired.stored).not.toBe(same.rebuilt);
    expect(await rows()).toEqual(before);
    expect(await rebuildAccounts({ ownerUrl: database.ownerUrl })).toMatchObject({ repaired: 0, stored: same.rebuilt });
  });

  it('is asked by the checks of a running shop too: they name what is wrong', async () => {
    const { account } = await spentAccount();
    await database.sql`UPDATE points_account SET spent = 1 WHERE account_id = ${account}`;
    const violations = await verifyPoints(client);
    expect(violations).toContainEqual(expect.objectContaining({ invariant: 'I2', what: `account ${account}` }));
    expect(violations).toContainEqual(expect.objectContaining({ invariant: 'I5' }));
  });
});
