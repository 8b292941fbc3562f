import { PaymentEvent } from '@g-store/contracts';
import { announce, table } from '@g-store/messaging';
import type { Row, Rows, Table } from '@g-store/messaging';
import { balanceChanged } from '../application/work.js';
import type { Announcements, Work } from '../application/work.js';
import type { Account, Transfer, TransferKind } from '../domain/ledger.js';
import type { Fact, FailureReason, Payment, PaymentState } from '../domain/payment.js';

export interface PaymentRow {
  readonly orderId: string;
  readonly owner: string;
  readonly state: PaymentState;
  readonly amount: bigint;
  readonly reason: FailureReason | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TransferRow {
  readonly id: string;
  readonly kind: TransferKind;
  readonly amount: bigint;
  readonly userId: string;
  readonly orderId: string | null;
  readonly walletVersion: number | null;
  readonly balanceAfter: bigint | null;
  readonly actor: string | null;
  readonly at: Date;
}

export const wallets = table<Account>({
  name: 'wallet',
  role: 'guard',
  columns: {
    id: ['account_id', 'uuid'],
    userId: ['user_id', 'uuid'],
    currency: ['currency', 'text'],
    fullName: ['full_name', 'text'],
    balance: ['balance', 'bigint'],
    held: ['held', 'bigint'],
    version: ['version', 'integer'],
    createdAt: ['created_at', 'timestamptz'],
    updatedAt: ['updated_at', 'timestamptz'],
  },
  keys: [['id'], ['userId']],
  version: 'version',
  immutable: ['userId', 'currency', 'fullName', 'createdAt'],
});

export const payments = table<PaymentRow>({
  name: 'payment',
  role: 'guard',
  columns: {
    orderId: ['order_id', 'uuid'],
    owner: ['owner', 'uuid'],
    state: ['state', 'text'],
    amount: ['amount', 'bigint'],
    reason: ['reason', 'text'],
    version: ['version', 'integer'],
    createdAt: ['created_at', 'timestamptz'],
    updatedAt: ['updated_at', 'timestamptz'],
  },
  keys: [['orderId']],
  version: 'version',
  immutable: ['owner', 'amount', 'reason', 'createdAt'],
});

export const transfers = table<TransferRow>({
  name: 'transfer',
  role: 'insert',
  columns: {
    id: ['id', 'uuid'],
    kind: ['kind', 'text'],
    amount: ['amount', 'bigint'],
    userId: ['user_id', 'uuid'],
    orderId: ['order_id', 'uuid'],
    walletVersion: ['wallet_version', 'integer'],
    balanceAfter: ['balance_after', 'bigint'],
    actor: ['actor', 'text'],
    at: ['at', 'timestamptz'],
  },
  keys: [['id']],
});

/** Locked and written in this order everywhere. */
export const paymentTables: readonly Table<Row>[] = [wallets, payments, transfers] as unknown as readonly Table<Row>[];

export const announcements: Announcements = {
  account: (id) => announce(wallets, { id }),
  accountOf: (userId) => announce(wallets, { userId }),
  payment: (orderId) => announce(payments, { orderId }),
};

/** The work port over rows: what was found is updated, what was not is inserted. */
export const ledgerWorkIn = (rows: Rows): Work => {
  const stored = new Set<string>();
  const seen = <R extends { readonly id: string } | { readonly orderId: string }>(
    row: R | undefined,
  ): R | undefined => {
    if (row !== undefined) stored.add('id' in row ? row.id : row.orderId);
    return row;
  };
  const put = <R extends Row>(into: Table<R>, id: string, row: R): void => {
    if (stored.has(id)) rows.update(into, row);
    else rows.insert(into, row);
    stored.add(id);
  };

  return {
    now: rows.now,
    newId: () => rows.newId(),
    account: async (id) => seen(await rows.find(wallets, { id })),
    accountOf: async (userId) => seen(await rows.find(wallets, { userId })),
    payment: async (orderId) => toPayment(seen(await rows.find(payments, { orderId }))),
    record: (decision) => {
      const { account, payment, transfer, fact } = decision;
      if (account) put(wallets, account.id, account);
      if (payment) put(payments, payment.orderId, toPaymentRow(payment));
      if (transfer) rows.insert(transfers, toTransferRow(rows.newId(), transfer));
      if (payment && fact) tellPayment(rows, payment, fact);
      const change = balanceChanged(decision);
      if (account && change)
        rows.tell(PaymentEvent, {
          key: account.id,
          version: account.version,
          owner: account.userId,
          case: 'balanceChanged',
          value: change,
        });
    },
  };
};

function tellPayment(rows: Rows, { orderId, owner, version }: Payment, fact: Fact): void {
  const about = { key: orderId, version, owner };
  if (fact.type === 'PaymentProcessed') {
    const { type: _, ...outcome } = fact;
    rows.tell(PaymentEvent, { ...about, case: 'processed', value: { orderId, ...outcome } });
  } else {
    const { amount, accountId } = fact;
    rows.tell(PaymentEvent, { ...about, case: 'refunded', value: { orderId, amount, accountId } });
  }
}

function toPayment(row: PaymentRow | undefined): Payment | undefined {
  if (row === undefined) return undefined;
  const { reason, ...rest } = row;
  return reason === null ? rest : { ...rest, reason };
}

const toPaymentRow = ({ reason, ...rest }: Payment): PaymentRow => ({ ...rest, reason: reason ?? null });

const toTransferRow = (id: string, { kind, amount, userId, orderId, wallet, actor, at }: Transfer): TransferRow => ({
  id,
  kind,
  amount,
  userId,
  orderId: orderId ?? null,
  walletVersion: wallet?.version ?? null,
  balanceAfter: wallet?.balance ?? null,
  actor: actor ?? null,
  at,
});
