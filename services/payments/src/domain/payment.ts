import { MAX_AMOUNT } from '@g-store/values';
import * as ledger from './ledger.js';
import type { Account, Transfer } from './ledger.js';

/**
 * charged → refunded | settled. `refused` and `cancelled` moved no money and never will: a cancelled order that was not
 * charged leaves `cancelled` behind, so that its creation, heard late, charges nothing.
 */
export type PaymentState = 'charged' | 'refused' | 'cancelled' | 'refunded' | 'settled';
export type FailureReason = 'NO_PAYMENT_ACCOUNT' | 'INSUFFICIENT_FUNDS' | 'PAYMENT_INTERNAL_ERROR';

/** What became of an order's payment: the guard that makes each happen once. */
export interface Payment {
  readonly orderId: string;
  readonly owner: string;
  readonly state: PaymentState;
  /** What was charged, or asked for and refused; 0 when points paid for all of it. */
  readonly amount: bigint;
  readonly reason?: FailureReason;
  /** Counts the events told about this payment. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type Fact =
  | {
      readonly type: 'PaymentProcessed';
      readonly status: 'SUCCESS' | 'FAILED';
      readonly reason?: FailureReason;
      readonly amount: bigint;
      readonly accountId?: string;
    }
  | { readonly type: 'PaymentRefunded'; readonly amount: bigint; readonly accountId: string };

/** What a verb answers: the rows as they become, the money that moved, and the fact that others hear. */
export interface Decision {
  readonly account?: Account;
  readonly payment?: Payment;
  readonly transfer?: Transfer;
  readonly fact?: Fact;
}

export interface PlacedOrder {
  readonly orderId: string;
  readonly owner: string;
  /** What is left to pay in money. */
  readonly amount: bigint;
  readonly currency: string;
}

/** Charges an order once; an order that was settled, refused or cancelled before is left alone. */
export const charge = (
  payment: Payment | undefined,
  account: Account | undefined,
  { orderId, owner, amount, currency }: PlacedOrder,
  now: Date,
): Decision => {
  if (payment !== undefined) return {};
  const fresh = { orderId, owner, amount, version: 1, createdAt: now, updatedAt: now };
  const refuse = (reason: FailureReason, asked = amount): Decision => ({
    payment: { ...fresh, amount: asked, state: 'refused', reason },
    fact: { type: 'PaymentProcessed', status: 'FAILED', reason, amount: asked, ...idOf(account) },
  });

  if (amount < 0n || amount > MAX_AMOUNT) return refuse('PAYMENT_INTERNAL_ERROR', 0n);
  if (amount === 0n)
    return { payment: { ...fresh, state: 'charged' }, fact: { type: 'PaymentProcessed', status: 'SUCCESS', amount } };
  if (account === undefined) return refuse('NO_PAYMENT_ACCOUNT');
  if (account.currency !== currency) return refuse('PAYMENT_INTERNAL_ERROR');
  if (account.balance < amount) return refuse('INSUFFICIENT_FUNDS');
  return {
    ...ledger.charge(account, orderId, amount, now),
    payment: { ...fresh, state: 'charged' },
    fact: { type: 'PaymentProcessed', status: 'SUCCESS', amount, accountId: account.id },
  };
};

/** Gives back exactly what was charged, if anything was; the order is never charged again. */
export const refund = (
  payment: Payment | undefined,
  account: Account | undefined,
  { orderId, owner }: Pick<PlacedOrder, 'orderId' | 'owner'>,
  now: Date,
): Decision => {
  if (payment === undefined)
    return {
      payment: { orderId, owner, state: 'cancelled', amount: 0n, version: 0, createdAt: now, updatedAt: now },
    };
  switch (payment.state) {
    case 'refused':
    case 'cancelled':
    case 'refunded':
      return {};
    case 'settled':
      throw new Error(`order ${orderId} was cancelled after it had been settled`);
    case 'charged': {
      if (payment.amount === 0n) return { payment: { ...payment, state: 'cancelled', updatedAt: now } };
      const from = chargedAccount(payment, account);
      return {
        ...ledger.refund(from, orderId, payment.amount, now),
        payment: { ...payment, state: 'refunded', version: payment.version + 1, updatedAt: now },
        fact: { type: 'PaymentRefunded', amount: payment.amount, accountId: from.id },
      };
    }
  }
};

/** The order was issued: the shop earns what was charged. Orders issues nothing that was not paid, so anything else is a fault. */
export const settle = (
  payment: Payment | undefined,
  account: Account | undefined,
  orderId: string,
  now: Date,
): Decision => {
  if (payment?.state === 'settled') return {};
  if (payment?.state !== 'charged')
    throw new Error(`order ${orderId} was issued, but its payment is ${payment?.state ?? 'unknown'}`);
  const settled = { ...payment, state: 'settled', updatedAt: now } as const;
  if (payment.amount === 0n) return { payment: settled };
  return { ...ledger.settle(chargedAccount(payment, account), orderId, payment.amount, now), payment: settled };
};

function chargedAccount(payment: Payment, account: Account | undefined): Account {
  if (account === undefined || account.userId !== payment.owner)
    throw new Error(`order ${payment.orderId} was charged to another account than the one at hand`);
  return account;
}

const idOf = (account: Account | undefined): { accountId?: string } =>
  account === undefined ? {} : { accountId: account.id };
