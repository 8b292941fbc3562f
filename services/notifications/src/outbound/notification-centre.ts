import type { Pool } from 'pg';
import type { Clock } from '@g-store/runtime';
import type { NotificationCentre } from '../application/centre.js';
import type { Notification } from '../domain/notification.js';

/** Plain statements on the pool: each is one step and harmless to repeat, so none of them needs a unit of work. */
export const createNotificationCentre = (pool: Pick<Pool, 'query'>, clock: Clock): NotificationCentre => ({
  async page(owner, { before, limit }) {
    const { rows } = await pool.query<CentreRow>({
      name: 'notifications',
      text: `SELECT id, kind, order_id, account_id, data, created_at, read_at FROM notification
             WHERE owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
      values: [owner, before ?? LAST_ID, limit],
    });
    return rows.map((row) => toNotification(owner, row));
  },
  async unreadCount(owner) {
    const { rows } = await pool.query<{ count: number }>({
      name: 'unread',
      text: 'SELECT count(*)::int AS count FROM notification WHERE owner = $1 AND read_at IS NULL',
      values: [owner],
    });
    return rows[0]?.count ?? 0;
  },
  async markRead(owner, id) {
    const { rowCount } = await pool.query({
      name: 'mark read',
      text: 'UPDATE notification SET read_at = COALESCE(read_at, $3) WHERE id = $2 AND owner = $1',
      values: [owner, id, clock.now()],
    });
    return rowCount === 1;
  },
  async markAllRead(owner) {
    // Locked in one order: the same button pressed twice would otherwise deadlock.
    await pool.query({
      name: 'mark all read',
      text: `WITH unread AS MATERIALIZED
               (SELECT id FROM notification WHERE owner = $1 AND read_at IS NULL ORDER BY id FOR UPDATE)
             UPDATE notification n SET read_at = $2 FROM unread WHERE n.id = unread.id`,
      values: [owner, clock.now()],
    });
  },
});

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface CentreRow {
  readonly id: string;
  readonly kind: Notification['kind'];
  readonly order_id: string | null;
  readonly account_id: string | null;
  readonly data: Notification['data'];
  readonly created_at: Date;
  readonly read_at: Date | null;
}

const toNotification = (owner: string, row: CentreRow): Notification => ({
  id: row.id,
  owner,
  kind: row.kind,
  ...(row.order_id !== null && { orderId: row.order_id }),
  ...(row.account_id !== null && { accountId: row.account_id }),
  data: row.data,
  at: row.created_at,
  ...(row.read_at !== null && { readAt: row.read_at }),
});
