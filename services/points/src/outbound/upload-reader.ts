import type { Pool } from 'pg';
import type { UploadReader } from '../application/upload-reader.js';
import type { UploadStatus } from '../domain/upload.js';

/** So many lines are an answer that can still be sent. */
const MOST = 10_000;

/** Reads committed state on the pool; int8 comes as text, whatever parsers the pool has. */
export const createUploadReader = (pool: Pick<Pool, 'query'>): UploadReader => ({
  uploads: async (owner) => {
    const { rows } = await pool.query<FoundUpload>({
      name: 'uploads',
      text: `SELECT number, owner, status, accrual::text, uploaded_at AS "uploadedAt" FROM upload
             WHERE owner = $1 ORDER BY uploaded_at DESC, number LIMIT ${MOST}`,
      values: [owner],
    });
    return rows.map(({ accrual, ...row }) => ({ ...row, ...(accrual === null ? {} : { accrual: BigInt(accrual) }) }));
  },

  withdrawals: async (accountId) => {
    const { rows } = await pool.query<{ orderNumber: string; points: string; at: Date }>({
      name: 'withdrawals',
      text: `SELECT order_number AS "orderNumber", (-change)::text AS points, at FROM points_events
             WHERE account_id = $1 AND kind = 'withdrawn' ORDER BY version DESC LIMIT ${MOST}`,
      values: [accountId],
    });
    return rows.map((row) => ({ ...row, points: BigInt(row.points) }));
  },
});

interface FoundUpload {
  readonly number: string;
  readonly owner: string;
  readonly status: UploadStatus;
  readonly accrual: string | null;
  readonly uploadedAt: Date;
}
