import { table, type Row, type Table } from '@g-store/messaging';

export interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly userId: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly pointsToSpend: bigint;
  readonly status: string;
  readonly cancellationReason: string | null;
  readonly description: string | null;
  readonly items: readonly ItemJson[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An item as the jsonb column holds it: the price as text, for JSON's numbers lose digits. */
export interface ItemJson {
  readonly sku?: string;
  readonly description: string;
  readonly price: string;
  readonly quantity: number;
}

export const orders = table<OrderRow>({
  name: 'orders',
  role: 'guard',
  columns: {
    id: ['id', 'uuid'],
    number: ['number', 'text'],
    userId: ['user_id', 'uuid'],
    amount: ['amount', 'bigint'],
    currency: ['currency', 'text'],
    pointsToSpend: ['points_to_spend', 'bigint'],
    status: ['status', 'text'],
    cancellationReason: ['cancellation_reason', 'text'],
    description: ['description', 'text'],
    items: ['items', 'jsonb'],
    version: ['version', 'integer'],
    createdAt: ['created_at', 'timestamptz'],
    updatedAt: ['updated_at', 'timestamptz'],
  },
  keys: [['id'], ['number']],
  version: 'version',
  immutable: ['number', 'userId', 'amount', 'currency', 'pointsToSpend', 'description', 'items', 'createdAt'],
});

export interface OrderPartRow {
  readonly orderId: string;
  readonly part: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly amount: bigint;
  readonly at: Date;
}

/** What was answered about paying for an order; it hangs on the order's row, which is locked first. */
export const orderParts = table<OrderPartRow>({
  name: 'order_part',
  role: 'dependent',
  columns: {
    orderId: ['order_id', 'uuid'],
    part: ['part', 'text'],
    outcome: ['outcome', 'text'],
    reason: ['reason', 'text'],
    amount: ['amount', 'bigint'],
    at: ['at', 'timestamptz'],
  },
  keys: [['orderId', 'part']],
});

export interface OrderHistoryRow {
  readonly orderId: string;
  readonly version: number;
  readonly status: string;
  readonly reason: string | null;
  readonly actor: string;
  readonly at: Date;
}

export const orderHistory = table<OrderHistoryRow>({
  name: 'order_history',
  role: 'insert',
  columns: {
    orderId: ['order_id', 'uuid'],
    version: ['version', 'integer'],
    status: ['status', 'text'],
    reason: ['reason', 'text'],
    actor: ['actor', 'text'],
    at: ['at', 'timestamptz'],
  },
  keys: [['orderId', 'version']],
});

export interface StaffAuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly act: string;
  readonly orderId: string;
  readonly detail: Readonly<Record<string, string>>;
}

export const staffAudit = table<StaffAuditRow>({
  name: 'staff_audit',
  role: 'insert',
  columns: {
    id: ['id', 'uuid'],
    at: ['at', 'timestamptz'],
    actor: ['actor', 'text'],
    act: ['act', 'text'],
    orderId: ['order_id', 'uuid'],
    detail: ['detail', 'jsonb'],
  },
  keys: [['id']],
});

export interface CatalogueRow {
  readonly sku: string;
  readonly description: string;
  readonly price: bigint;
}

export const catalogue = table<CatalogueRow>({
  name: 'catalogue',
  role: 'dependent',
  columns: { sku: ['sku', 'text'], description: ['description', 'text'], price: ['price', 'bigint'] },
  keys: [['sku']],
});

/** Locked and written in this order everywhere. */
export const orderTables = [
  orders,
  catalogue,
  orderParts,
  orderHistory,
  staffAudit,
] as unknown as readonly Table<Row>[];
