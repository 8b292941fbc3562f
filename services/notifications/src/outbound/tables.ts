import { table, type Row, type Table } from '@g-store/messaging';

export interface OrderStateRow {
  readonly orderId: string;
  readonly owner: string;
  readonly status: string;
  readonly reason: string | null;
  readonly version: number;
  readonly at: Date;
}

export const orderStates = table<OrderStateRow>({
  name: 'order_state',
  role: 'guard',
  columns: {
    orderId: ['order_id', 'uuid'],
    owner: ['owner', 'text'],
    status: ['status', 'text'],
    reason: ['reason', 'text'],
    version: ['version', 'integer'],
    at: ['at', 'timestamptz'],
  },
  keys: [['orderId']],
  version: 'version',
  immutable: ['owner'],
});

export interface NotificationRow {
  readonly id: string;
  readonly owner: string;
  readonly kind: string;
  readonly orderId: string | null;
  readonly accountId: string | null;
  readonly data: Readonly<Record<string, string | number>>;
  readonly createdAt: Date;
}

export const notifications = table<NotificationRow>({
  name: 'notification',
  role: 'insert',
  columns: {
    id: ['id', 'uuid'],
    owner: ['owner', 'text'],
    kind: ['kind', 'text'],
    orderId: ['order_id', 'uuid'],
    accountId: ['account_id', 'text'],
    data: ['data', 'jsonb'],
    createdAt: ['created_at', 'timestamptz'],
  },
  keys: [['id']],
});

export const notificationTables = [orderStates, notifications] as unknown as readonly Table<Row>[];
