import { table } from '@g-store/messaging';
import type { Row, Table } from '@g-store/messaging';
import type { OrderState } from '../domain/order-points.js';
import type { Account, PointsKind } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';

export const accounts = table<Account>({
  name: 'points_account',
  role: 'guard',
  columns: {
    id: ['account_id', 'text'],
    balance: ['balance', 'bigint'],
    spent: ['spent', 'bigint'],
    withdrawn: ['withdrawn', 'bigint'],
    version: ['version', 'integer'],
    told: ['told', 'integer'],
    createdAt: ['created_at', 'timestamptz'],
    updatedAt: ['updated_at', 'timestamptz'],
  },
  keys: [['id']],
  version: 'version',
  immutable: ['createdAt'],
});

export interface OrderPointsRow {
  readonly orderId: string;
  readonly owner: string;
  readonly number: string | null;
  readonly state: OrderState;
  readonly points: bigint;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const orders = table<OrderPointsRow>({
  name: 'points_order',
  role: 'guard',
  columns: {
    orderId: ['order_id', 'uuid'],
    owner: ['owner', 'text'],
    number: ['number', 'text'],
    state: ['state', 'text'],
    points: ['points', 'bigint'],
    version: ['version', 'integer'],
    createdAt: ['created_at', 'timestamptz'],
    updatedAt: ['updated_at', 'timestamptz'],
  },
  keys: [['orderId'], ['number']],
  version: 'version',
  immutable: ['owner', 'number', 'points', 'createdAt'],
});

export interface RequestRow {
  readonly id: string;
  readonly accountId: string;
  readonly kind: ChangeRequest['kind'];
  readonly points: bigint;
  readonly actor: string;
  readonly status: ChangeRequest['status'];
  readonly reason: string | null;
  readonly total: bigint | null;
  readonly acceptedAt: Date;
  readonly decidedAt: Date | null;
}

/** Decided under the lock of its account. */
export const requests = table<RequestRow>({
  name: 'points_request',
  role: 'dependent',
  columns: {
    id: ['id', 'uuid'],
    accountId: ['account_id', 'text'],
    kind: ['kind', 'text'],
    points: ['points', 'bigint'],
    actor: ['actor', 'text'],
    status: ['status', 'text'],
    reason: ['reason', 'text'],
    total: ['total', 'bigint'],
    acceptedAt: ['accepted_at', 'timestamptz'],
    decidedAt: ['decided_at', 'timestamptz'],
  },
  keys: [['id']],
  immutable: ['accountId', 'kind', 'points', 'actor', 'acceptedAt'],
});

export interface EventRow {
  readonly accountId: string;
  readonly version: number;
  readonly kind: PointsKind;
  readonly change: bigint;
  readonly balanceAfter: bigint;
  readonly cause: string;
  readonly orderNumber: string | null;
  readonly reason: string | null;
  readonly actor: string | null;
  readonly at: Date;
}

/** Only ever appended to; not of the role `insert`, so that a batch finds what it has appended itself by its cause. */
export const events = table<EventRow>({
  name: 'points_events',
  role: 'dependent',
  columns: {
    accountId: ['account_id', 'text'],
    version: ['version', 'integer'],
    kind: ['kind', 'text'],
    change: ['change', 'bigint'],
    balanceAfter: ['balance_after', 'bigint'],
    cause: ['cause', 'text'],
    orderNumber: ['order_number', 'text'],
    reason: ['reason', 'text'],
    actor: ['actor', 'text'],
    at: ['at', 'timestamptz'],
  },
  keys: [
    ['accountId', 'version'],
    ['kind', 'cause'],
  ],
});

/** Locked and written in this order everywhere. */
export const pointsTables = [accounts, orders, requests, events] as unknown as readonly Table<Row>[];
