import { randomUUID } from 'node:crypto';
import { createDatabase } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import { Client } from 'pg';
import type { PoolClient } from 'pg';
import { paymentsMigration } from '../src/migrations/001-payments.js';
import { namesMigration } from '../src/migrations/002-names.js';
import { violationsIn } from '../src/outbound/invariants.js';

let database: TestDatabase;
let client: PoolClient;
beforeAll(async () => {
  database = await createDatabase({ migrations: [paymentsMigration, namesMigration] });
  client = await database.pool.connect();
});
afterAll(async () => {
  client.release();
  await database.drop();
});

interface Moved {
  readonly kind: string;
  readonly amount: number;
  readonly userId: string;
  readonly orderId?: string | undefined;
  readonly version?: number | undefined;
  readonly balance?: number | undefined;
}

const transfer = ({ kind, amount, userId, orderId, version, balance }: Moved): Promise<unknown> =>
  client.query(
    `INSERT INTO transfer (id, kind, amount, user_id, order_id, wallet_version, balance_after, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now())`,
    [randomUUID(), kind, amount, userId, orderId, version, balance],
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

/** A wallet with 1000 paid in, 400 of it charged for an order; everything as the service's own role. */
async function chargedWallet(): Promise<{ userId: string; orderId: string }> {
  const [userId, orderId] = [randomUUID(), randomUUID()];
  await client.query(`INSERT INTO wallet VALUES ($1, $2, 'RUB', 0, 0, 0, now(), now())`, [randomUUID(), userId]);
  await together(async () => {
    await client.query('UPDATE wallet SET balance = 600, held = 400, version = 2 WHERE user_id = $1', [userId]);
    await client.query(`INSERT INTO payment VALUES ($1, $2, 'charged', 400, NULL, 1, now(), now())`, [orderId, userId]);
    await transfer({ kind: 'top_up', amount: 1000, userId, version: 1, balance: 1000 });
    await transfer({ kind: 'charge', amount: 400, userId, orderId, version: 2, balance: 600 });
  });
  return { userId, orderId };
}

const violated = (constraint: string): unknown => expect.objectContaining({ constraint });
const forbidden = expect.objectContaining({ code: '42501' });

describe('whatever the code does, the ledger refuses', () => {
  it('a balance below 0', async () => {
    const { userId } = await chargedWallet();
    const below = client.query('UPDATE wallet SET balance = -1 WHERE user_id = $1', [userId]);
    await expect(below).rejects.toEqual(violated('never_below_0'));
    const entry = transfer({ kind: 'top_up', amount: 1, userId, version: 3, balance: -1 });
    await expect(entry).rejects.toEqual(violated('balance_in_bounds'));
  });

  it('a balance above the limit, with what may still come back counted', async () => {
    const { userId } = await chargedWallet();
    const above = client.query('UPDATE wallet SET balance = 9007199254740592 WHERE user_id = $1', [userId]);
    await expect(above).rejects.toEqual(violated('room_for_refunds'));
  });

  it('a balance that moves without a transfer', async () => {
    const { userId } = await chargedWallet();
    const gift = client.query('UPDATE wallet SET balance = balance + 5 WHERE user_id = $1', [userId]);
    await expect(gift).rejects.toEqual(violated('balance_has_its_transfer'));
    const another = client.query('UPDATE wallet SET balance = 700, version = 3 WHERE user_id = $1', [userId]);
    await expect(another).rejects.toEqual(violated('balance_has_its_transfer'));
  });

  it('two transfers that both think they came next', async () => {
    const { userId } = await chargedWallet();
    const lost = transfer({ kind: 'top_up', amount: 100, userId, version: 2, balance: 1100 });
    await expect(lost).rejects.toEqual(violated('one_after_the_other'));
  });

  it('a second charge of an order', async () => {
    const { userId, orderId } = await chargedWallet();
    const second = transfer({ kind: 'charge', amount: 1, userId, orderId, version: 3, balance: 599 });
    await expect(second).rejects.toEqual(violated('one_of_a_kind'));
  });

  it.each([
    ['of another amount', { amount: 399 }],
    ['of an order that was not charged', { orderId: randomUUID() }],
  ])('a refund or settlement %s', async (_, wrong) => {
    const { userId, orderId } = await chargedWallet();
    const refund = transfer({ kind: 'refund', amount: 400, userId, orderId, version: 3, balance: 999, ...wrong });
    await expect(refund).rejects.toEqual(violated('closes_its_charge'));
    const settle = transfer({ kind: 'settle', amount: 400, userId, orderId, ...wrong });
    await expect(settle).rejects.toEqual(violated('closes_its_charge'));
  });

  it("a refund into somebody else's wallet", async () => {
    const { orderId } = await chargedWallet();
    const { userId } = await chargedWallet();
    const refund = transfer({ kind: 'refund', amount: 400, userId, orderId, version: 3, balance: 1000 });
    await expect(refund).rejects.toEqual(violated('closes_its_charge'));
  });

  it('both a refund and a settlement of one order', async () => {
    const { userId, orderId } = await chargedWallet();
    await transfer({ kind: 'settle', amount: 400, userId, orderId });
    const refund = transfer({ kind: 'refund', amount: 400, userId, orderId, version: 3, balance: 1000 });
    await expect(refund).rejects.toEqual(violated('settled_or_refunded'));
  });

  it('a charge that somebody of the store has made', async () => {
    const { userId } = await chargedWallet();
    const charge = client.query(
      `INSERT INTO transfer (id, kind, amount, user_id, order_id, wallet_version, balance_after, at, actor)
       VALUES ($1, 'charge', 1, $2, $1, 3, 599, now(), 'boris')`,
      [randomUUID(), userId],
    );
    await expect(charge).rejects.toEqual(violated('only_top_ups_are_done_for_others'));
  });

  it.each([0, -5, 1_000_000_000_001])('a transfer of %s', async (amount) => {
    const { userId } = await chargedWallet();
    const odd = transfer({ kind: 'top_up', amount, userId, version: 3, balance: 600 });
    await expect(odd).rejects.toEqual(violated('one_amount'));
  });

  it.each([
    'UPDATE transfer SET amount = 1',
    'DELETE FROM transfer',
    'TRUNCATE transfer CASCADE',
    'DELETE FROM wallet',
    'UPDATE wallet SET user_id = gen_random_uuid()',
    `UPDATE wallet SET full_name = 'somebody else'`,
    'UPDATE transfer SET actor = NULL',
    'DELETE FROM payment',
    'UPDATE payment SET amount = 1',
    'ALTER TABLE transfer DROP CONSTRAINT one_of_a_kind',
  ])('to forget or rewrite what happened: %s', async (statement) => {
    await expect(client.query(statement)).rejects.toEqual(forbidden);
  });

  it('to be rewritten even by the role that owns it', async () => {
    await chargedWallet();
    await expect(database.sql`UPDATE transfer SET amount = 1`).rejects.toThrow('transfer is append-only');
    await expect(database.sql`DELETE FROM transfer`).rejects.toThrow('transfer is append-only');
    await expect(database.sql`TRUNCATE transfer CASCADE`).rejects.toThrow('transfer is append-only');
  });
});

describe('the check of the ledger', () => {
  let superuser: Client;
  beforeEach(async () => {
    superuser = new Client({ connectionString: database.superUrl });
    await superuser.connect();
    // A transaction that is rolled back, in which the ledger's own rules are switched off.
    await superuser.query('BEGIN');
    await superuser.query('SET LOCAL session_replication_role = replica');
    await superuser.query('DELETE FROM transfer');
    await superuser.query('DELETE FROM wallet');
    await superuser.query('DELETE FROM payment');
  });
  afterEach(async () => {
    await superuser.query('ROLLBACK');
    await superuser.end();
  });

  /** An honest story, with the parts that a test wants otherwise: paid in 1000, charged 400, given back. */
  const story = async (wrong: { balance?: number; held?: number; charge?: number; state?: string } = {}) => {
    const { balance = 1000, held = 0, charge = 400, state = 'refunded' } = wrong;
    const [userId, orderId] = [randomUUID(), randomUUID()];
    await superuser.query('INSERT INTO wallet VALUES ($1, $2, $3, $4, $5, 3, now(), now())', [randomUUID(), userId, 'RUB', balance, held]); // prettier-ignore
    await superuser.query('INSERT INTO payment VALUES ($1, $2, $3, 400, NULL, 2, now(), now())', [
      orderId,
      userId,
      state,
    ]);
    const entries = [
      ['top_up', 1000, null, 1, 1000],
      ['charge', charge, orderId, 2, 1000 - charge],
      ['refund', 400, orderId, 3, 1400 - charge],
    ];
    for (const [kind, amount, order, version, after] of entries)
      await superuser.query(
        `INSERT INTO transfer (id, kind, amount, user_id, order_id, wallet_version, balance_after, at)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, now())`,
        [kind, amount, userId, order, version, after],
      );
    const found = await violationsIn(superuser);
    return { userId, orderId, broken: [...new Set(found.map(({ invariant }) => invariant))] };
  };

  it('finds nothing wrong with an honest one, and knows both sides of every transfer', async () => {
    const { userId, orderId, broken } = await story();
    expect(broken).toEqual([]);
    const { rows } = await superuser.query(
      'SELECT account, sum(amount)::int AS amount FROM posting GROUP BY account ORDER BY account',
    );
    expect(rows).toEqual([
      { account: `clearing:${orderId}`, amount: 0 },
      { account: `wallet:${userId}`, amount: 1000 },
      { account: 'world', amount: -1000 },
    ]);
  });

  it.each([
    ['money that came from nowhere', { balance: 1005 }, ['I1', 'I2']],
    ['money held for nothing', { held: 5 }, ['I2']],
    ['a refund above the charge', { charge: 300 }, ['I1', 'I2', 'I5']],
    ['a refund that the order does not know of', { state: 'charged' }, ['I5']],
  ])('finds %s', async (_, wrong, expected) => {
    expect((await story(wrong)).broken).toEqual(expected);
  });

  it('finds an order charged twice', async () => {
    const { userId, orderId } = await story();
    await superuser.query('ALTER TABLE transfer DROP CONSTRAINT one_of_a_kind');
    await superuser.query(
      `INSERT INTO transfer (id, kind, amount, user_id, order_id, wallet_version, balance_after, at)
       VALUES (gen_random_uuid(), 'charge', 1, $1, $2, 4, 999, now())`,
      [userId, orderId],
    );
    const found = await violationsIn(superuser);
    expect(found.filter(({ what }) => what === `order ${orderId}`).map(({ invariant }) => invariant)).toEqual([
      'I5',
      'I8',
    ]);
  });
});
