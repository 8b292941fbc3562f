import { table, type Row, type Table } from '@g-store/messaging';
import type { KeptEvent, Tally } from '../application/work.js';
import type { AccountFold } from '../domain/account-fold.js';
import type { OrderJourney } from '../domain/order-journey.js';

export const events = table<KeptEvent>({
  name: 'events',
  role: 'insert',
  columns: {
    eventId: ['event_id', 'uuid'],
    topic: ['topic', 'text'],
    partition: ['partition', 'integer'],
    offset: ['offset', 'bigint'],
    type: ['type', 'text'],
    orderId: ['order_id', 'uuid'],
    accountId: ['account_id', 'text'],
    occurredAt: ['occurred_at', 'timestamptz'],
    heardAt: ['heard_at', 'timestamptz'],
    correlationId: ['correlation_id', 'text'],
    causationId: ['causation_id', 'text'],
    raw: ['raw', 'bytea'],
    arrival: ['arrival', 'bigint'],
  },
  keys: [['eventId']],
});

export const journeys = table<OrderJourney>({
  name: 'order_journey',
  role: 'guard',
  columns: {
    orderId: ['order_id', 'uuid'],
    owner: ['owner', 'text'],
    status: ['status', 'text'],
    version: ['version', 'integer'],
    amount: ['amount', 'bigint'],
    pointsToSpend: ['points_to_spend', 'bigint'],
    charged: ['charged', 'bigint'],
    refunded: ['refunded', 'bigint'],
    debited: ['debited', 'bigint'],
    credited: ['credited', 'bigint'],
    spent: ['spent', 'bigint'],
    returned: ['returned', 'bigint'],
    earned: ['earned', 'bigint'],
    paymentAnswered: ['payment_answered', 'boolean'],
    pointsAnswered: ['points_answered', 'boolean'],
    waitsFor: ['waits_for', 'text'],
    waitsSince: ['waits_since', 'timestamptz'],
    doubt: ['doubt', 'text'],
    doubtSince: ['doubt_since', 'timestamptz'],
    fault: ['fault', 'text'],
    firstEvent: ['first_event', 'uuid'],
    lastEvent: ['last_event', 'uuid'],
    startedAt: ['started_at', 'timestamptz'],
    lastAt: ['last_at', 'timestamptz'],
    heardAt: ['heard_at', 'timestamptz'],
  },
  keys: [['orderId']],
  immutable: ['owner'],
});

export const accounts = table<AccountFold>({
  name: 'account_fold',
  role: 'guard',
  columns: {
    kind: ['kind', 'text'],
    accountId: ['account_id', 'text'],
    entries: ['entries', 'integer'],
    firstVersion: ['first_version', 'integer'],
    lastVersion: ['last_version', 'integer'],
    opening: ['opening', 'bigint'],
    sum: ['sum', 'bigint'],
    balance: ['balance', 'bigint'],
    doubt: ['doubt', 'text'],
    doubtSince: ['doubt_since', 'timestamptz'],
  },
  keys: [['kind', 'accountId']],
});

/** Of its one row. */
export const TALLY_ID = 1;

export const tallies = table<Tally & { readonly id: number }>({
  name: 'tally',
  role: 'guard',
  columns: {
    id: ['id', 'smallint'],
    events: ['events', 'bigint'],
    orders: ['orders', 'bigint'],
    moneyAccounts: ['money_accounts', 'bigint'],
    pointsAccounts: ['points_accounts', 'bigint'],
  },
  keys: [['id']],
});

export interface Repeat {
  readonly eventId: string;
  readonly times: number;
}

export const repeats = table<Repeat>({
  name: 'event_repeat',
  role: 'guard',
  columns: { eventId: ['event_id', 'uuid'], times: ['times', 'integer'] },
  keys: [['eventId']],
});

/** Locked and written in this order everywhere: whoever holds the tally has all the rest for himself. */
export const journalTables = [tallies, journeys, accounts, repeats, events] as unknown as readonly Table<Row>[];
