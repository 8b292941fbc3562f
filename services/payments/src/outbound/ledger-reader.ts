import type { Pool } from 'pg';
import type { Reader, StatementEntry } from '../application/reader.js';
import type { Account } from '../domain/ledger.js';

/** Reads committed state on the pool; int8 comes as text, whatever parsers the pool has. */
export const createLedgerReader = (pool: Pick<Pool, 'query'>): Reader => {
  const findAccount = async (name: string, where: string, id: string): Promise<Account | undefined> => {
    const text = `${selectAccounts} WHERE ${where} = $1`;
    const { rows } = await pool.query<AccountRow>({ name, text, values: [id] });
    return rows[0] && toAccount(rows[0]);
  };

  return {
    account: (id) => findAccount('account', 'account_id', id),
    accountOf: (userId) => findAccount('account-of', 'user_id', userId),
    accounts: async ({ before, limit }) => {
      const { rows } = await pool.query<AccountRow>({
        name: 'accounts',
        text: `${selectAccounts} WHERE account_id < $1 ORDER BY account_id DESC LIMIT $2`, // ids tell when they were made
        values: [before ?? lastId, limit],
      });
      return rows.map(toAccount);
    },
    statement: async (userId, { before, limit }) => {
      const { rows } = await pool.query<EntryRow>({
        name: 'statement',
        text: `SELECT id, kind, amount::text, order_id, balance_after::text, wallet_version, at FROM transfer
               WHERE user_id = $1 AND wallet_version < $2 ORDER BY wallet_version DESC LIMIT $3`,
        values: [userId, before ?? newest, limit],
      });
      return rows.map(toEntry);
    },
  };
};

const newest = 2 ** 31 - 1;
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const selectAccounts = `SELECT account_id, user_id, currency, full_name, balance::text, held::text, version, created_at, updated_at
  FROM wallet`;

interface AccountRow {
  readonly account_id: string;
  readonly user_id: string;
  readonly currency: string;
  readonly full_name: string;
  readonly balance: string;
  readonly held: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface EntryRow {
  readonly id: string;
  readonly kind: StatementEntry['kind'];
  readonly amount: string;
  readonly order_id: string | null;
  readonly balance_after: string;
  readonly wallet_version: number;
  readonly at: Date;
}

const toAccount = (row: AccountRow): Account => ({
  id: row.account_id,
  userId: row.user_id,
  currency: row.currency,
  fullName: row.full_name,
  balance: BigInt(row.balance),
  held: BigInt(row.held),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toEntry = (row: EntryRow): StatementEntry => ({
  id: row.id,
  kind: row.kind,
  amount: BigInt(row.amount),
  ...(row.order_id === null ? {} : { orderId: row.order_id }),
  balanceAfter: BigInt(row.balance_after),
  version: row.wallet_version,
  at: row.at,
});
