import { createHash } from 'node:crypto';
import { connect } from '@g-store/messaging';
import type { Client } from 'pg';
import { evolve } from '../domain/points.js';
import type { Account, PointsEvent } from '../domain/points.js';
import { fromEventRow } from './rows.js';
import type { EventRow } from './tables.js';

export interface Rebuilt {
  readonly accounts: number;
  readonly events: number;
  /** SHA-256 over every account, as its events make it and as the snapshot has it. */
  readonly rebuilt: string;
  readonly stored: string;
  /** How many accounts of the snapshot said something else; they say now what their events say. */
  readonly repaired: number;
}

export interface RebuildOptions {
  /** The role that owns the tables: it may also put right what a service never changes. */
  readonly ownerUrl: string;
  readonly onProgress?: (done: number, of: number) => void;
}

const BATCH = 1_000;

/**
 * Folds every event from the first on and compares the result byte by byte with the snapshot of the same instant; the
 * service goes on meanwhile. What differs is folded again under the account's lock and written.
 */
export async function rebuildAccounts({ ownerUrl, onProgress }: RebuildOptions): Promise<Rebuilt> {
  const options = { applicationName: 'points rebuild', statementTimeoutMs: 0 };
  const reading = await connect(ownerUrl, options);
  const writing = await connect(ownerUrl, options);
  try {
    await reading.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await reading.query('SET LOCAL cursor_tuple_fraction = 1');
    const { rows } = await reading.query<{ of: bigint }>('SELECT count(*) AS of FROM points_events');
    const of = Number(rows[0]?.of ?? 0);
    const stored = cursor<Account>(reading, 'stored', `${selectAccounts} ORDER BY account_id`);
    const events = cursor<EventRow>(reading, 'events', `${selectEvents} ORDER BY account_id, version`);
    return await compare(foldAll(events, of, onProgress), stored, async (id) => repair(writing, id));
  } finally {
    await Promise.all([reading.end(), writing.end()]);
  }
}

type Tally = { accounts: number; events: number };

async function compare(
  folded: AsyncGenerator<Account, number>,
  stored: AsyncGenerator<Account>,
  repairOne: (id: string) => Promise<void>,
): Promise<Rebuilt> {
  const hashes = { rebuilt: createHash('sha256'), stored: createHash('sha256') };
  const tally: Tally & { repaired: number } = { accounts: 0, events: 0, repaired: 0 };
  let there = await stored.next();
  for (;;) {
    const made = await folded.next();
    if (made.done) {
      tally.events = made.value;
      break;
    }
    tally.accounts += 1;
    const line = lineOf(made.value);
    hashes.rebuilt.update(line);
    const same = there.done !== true && there.value.id === made.value.id ? lineOf(there.value) : undefined;
    if (same !== undefined) {
      hashes.stored.update(same);
      there = await stored.next();
    }
    if (same === line) continue;
    await repairOne(made.value.id);
    tally.repaired += 1;
  }
  // The snapshot's foreign key lets no account be there without its events.
  if (there.done !== true) throw new Error(`account ${there.value.id} has no events`);
  return { ...tally, rebuilt: hashes.rebuilt.digest('hex'), stored: hashes.stored.digest('hex') };
}

/** Answers with the number of events at the end. */
async function* foldAll(
  events: AsyncGenerator<EventRow>,
  of: number,
  onProgress: RebuildOptions['onProgress'],
): AsyncGenerator<Account, number> {
  let account: Account | undefined;
  let done = 0;
  for await (const row of events) {
    if (account !== undefined && account.id !== row.accountId) {
      yield account;
      account = undefined;
    }
    account = evolve(account, fromEventRow(row));
    done += 1;
    if (done % BATCH === 0) onProgress?.(done, of);
  }
  if (account !== undefined) yield account;
  onProgress?.(done, of);
  return done;
}

async function* cursor<R extends object>(client: Client, name: string, select: string): AsyncGenerator<R, undefined> {
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${select}`);
  for (;;) {
    const { rows } = await client.query<R>(`FETCH ${BATCH} FROM ${name}`);
    yield* rows;
    if (rows.length < BATCH) return undefined;
  }
}

async function repair(client: Client, id: string): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT FROM points_account WHERE account_id = $1 FOR UPDATE', [id]);
  let account: Account | undefined;
  for (;;) {
    const { rows } = await client.query<EventRow>(
      `${selectEvents} WHERE account_id = $1 AND version > $2 ORDER BY version LIMIT ${BATCH}`,
      [id, account?.version ?? 0],
    );
    account = rows
      .map(fromEventRow)
      .reduce<Account | undefined>((sofar, event: PointsEvent) => evolve(sofar, event), account);
    if (rows.length < BATCH) break;
  }
  if (account !== undefined) await client.query(write, valuesOf(account));
  await client.query('COMMIT');
}

const selectEvents = `SELECT account_id AS "accountId", version, kind, change, balance_after AS "balanceAfter", cause,
  order_number AS "orderNumber", reason, actor, at FROM points_events`;
const selectAccounts = `SELECT account_id AS id, balance, spent, withdrawn, version, told, created_at AS "createdAt",
  updated_at AS "updatedAt" FROM points_account`;
/** A newer version, written while an account that was missing was folded, stays. */
const write = `INSERT INTO points_account (account_id, balance, spent, withdrawn, version, told, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id) DO UPDATE SET
    balance = excluded.balance, spent = excluded.spent, withdrawn = excluded.withdrawn, version = excluded.version,
    told = excluded.told, created_at = excluded.created_at, updated_at = excluded.updated_at
  WHERE points_account.version <= excluded.version`;

const valuesOf = (account: Account) => [
  account.id,
  account.balance,
  account.spent,
  account.withdrawn,
  account.version,
  account.told,
  account.createdAt,
  account.updatedAt,
];

/** An account's bytes; times are kept to the millisecond by their columns. */
const lineOf = (account: Account): string =>
  `${valuesOf(account)
    .map((value) => (value instanceof Date ? value.toISOString() : String(value)))
    .join('\t')}\n`;
