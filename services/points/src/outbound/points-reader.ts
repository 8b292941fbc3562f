import type { Pool } from 'pg';
import type { Reader } from '../application/reader.js';
import type { Account, PointsEvent } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';
import { fromEventRow, fromRequestRow } from './rows.js';
import type { EventRow, RequestRow } from './tables.js';

/** Reads committed state on the pool; int8 comes as text, whatever parsers the pool has. */
export const createPointsReader = (pool: Pick<Pool, 'query'>): Reader => ({
  account: async (id) => {
    const { rows } = await pool.query<InText<Account, 'balance' | 'spent' | 'withdrawn'>>({
      name: 'account',
      text: `SELECT account_id AS id, balance::text, spent::text, withdrawn::text, version, told, created_at AS "createdAt",
               updated_at AS "updatedAt" FROM points_account WHERE account_id = $1`,
      values: [id],
    });
    const [row] = rows;
    return row && { ...row, balance: BigInt(row.balance), spent: BigInt(row.spent), withdrawn: BigInt(row.withdrawn) };
  },

  balanceAt: async (accountId, at) => {
    const { rows } = await pool.query<{ balance: string }>({
      name: 'balance-at',
      text: `SELECT balance_after::text AS balance FROM points_events WHERE account_id = $1 AND at <= $2
             ORDER BY at DESC, version DESC LIMIT 1`,
      values: [accountId, at],
    });
    return BigInt(rows[0]?.balance ?? 0);
  },

  entries: async (accountId, { before, limit }) => {
    const { rows } = await pool.query<InText<EventRow, 'change' | 'balanceAfter'>>({
      name: 'entries',
      text: `${selectEvents} WHERE account_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
      values: [accountId, before ?? newest, limit],
    });
    return rows.map(toEvent);
  },

  request: async (id) => {
    const { rows } = await pool.query<TextRequest>({
      name: 'request',
      text: `${selectRequests} WHERE id = $1`,
      values: [id],
    });
    return rows[0] && toRequest(rows[0]);
  },

  requests: async (accountId, { before, limit }) => {
    const { rows } = await pool.query<TextRequest>({
      name: 'requests',
      text: `${selectRequests} WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
      values: [accountId, before ?? lastId, limit],
    });
    return rows.map(toRequest);
  },
});

const newest = 2 ** 31 - 1;
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const selectRequests = `SELECT id, account_id AS "accountId", kind, points::text, actor, status, reason, total::text,
  accepted_at AS "acceptedAt", decided_at AS "decidedAt" FROM points_request`;

type TextRequest = Omit<RequestRow, 'points' | 'total'> & { readonly points: string; readonly total: string | null };

const toRequest = ({ points, total, ...row }: TextRequest): ChangeRequest =>
  fromRequestRow({ ...row, points: BigInt(points), total: total === null ? null : BigInt(total) });

/** A row as SQL gives it, with these columns as text. */
export type InText<R, Columns extends keyof R> = Omit<R, Columns> & { readonly [Column in Columns]: string };

export const selectEvents = `SELECT account_id AS "accountId", version, kind, change::text, balance_after::text AS "balanceAfter",
  cause, order_number AS "orderNumber", reason, actor, at FROM points_events`;

export const toEvent = (row: InText<EventRow, 'change' | 'balanceAfter'>): PointsEvent =>
  fromEventRow({ ...row, change: BigInt(row.change), balanceAfter: BigInt(row.balanceAfter) });
