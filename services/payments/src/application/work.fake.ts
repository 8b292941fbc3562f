import type { Account, Transfer } from '../domain/ledger.js';
import type { Fact, Payment } from '../domain/payment.js';
import { balanceChanged } from './work.js';
import type { BalanceChanged, Work } from './work.js';

export interface FakeLedger {
  readonly work: Work;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly transfers: readonly Transfer[];
  readonly told: readonly Told[];
}

export type Told = { readonly key: string; readonly version: number } & (
  Fact | ({ type: 'BalanceChanged' } & BalanceChanged)
);

/** The work port in memory; it refuses what the database's constraints refuse. */
export function fakeWork(start: { accounts?: readonly Account[]; payments?: readonly Payment[] } = {}): FakeLedger {
  const accounts = new Map(start.accounts?.map((account) => [account.userId, account]));
  const payments = new Map(start.payments?.map((payment) => [payment.orderId, payment]));
  const transfers: Transfer[] = [];
  const told: Told[] = [];
  let ids = 0;

  const work: Work = {
    now: new Date('2026-01-02T03:04:05.000Z'),
    newId: () => `id-${(ids += 1)}`,
    account: async (id) => [...accounts.values()].find((account) => account.id === id),
    accountOf: async (userId) => accounts.get(userId),
    payment: async (orderId) => payments.get(orderId),
    record: (decision) => {
      const { account, payment, transfer, fact } = decision;
      if (account && (account.balance < 0n || account.held < 0n)) throw new Error('check: no wallet below 0');
      if (transfer) insert(transfers, transfer);
      if (account) accounts.set(account.userId, account);
      if (payment) payments.set(payment.orderId, payment);
      if (payment && fact) told.push({ key: payment.orderId, version: payment.version, ...fact });
      const change = balanceChanged(decision);
      if (account && change)
        told.push({ key: account.id, version: account.version, type: 'BalanceChanged', ...change });
    },
  };
  return { work, accounts, payments, transfers, told };
}

function insert(transfers: Transfer[], added: Transfer): void {
  const ofOrder = transfers.filter(({ orderId }) => orderId !== undefined && orderId === added.orderId);
  if (ofOrder.some(({ kind }) => kind === added.kind)) throw new Error('unique: order and kind');
  if (added.kind === 'settle' || added.kind === 'refund') {
    if (ofOrder.some(({ kind }) => kind !== 'charge')) throw new Error('unique: settle or refund, not both');
    const [charge] = ofOrder;
    if (charge?.amount !== added.amount || charge.userId !== added.userId) throw new Error('foreign key: its charge');
  }
  transfers.push(added);
}
