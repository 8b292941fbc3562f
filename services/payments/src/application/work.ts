import type { Announced } from '@g-store/messaging';
import { signOf } from '../domain/ledger.js';
import type { Account } from '../domain/ledger.js';
import type { Decision, Payment } from '../domain/payment.js';

/** One unit of work: what a use case may look at, and where it leaves what it decided. */
export interface Work {
  readonly now: Date;
  newId(): string;
  account(id: string): Promise<Account | undefined>;
  accountOf(userId: string): Promise<Account | undefined>;
  payment(orderId: string): Promise<Payment | undefined>;
  /** Records rows, transfer and events together; a changed balance is told as BalanceChanged. */
  record(decision: Decision): void;
}

/** Says beforehand what a command will look at, so that a whole batch of commands reads it in one round trip. */
export type Announcement = Announced;

export interface Announcements {
  account(id: string): Announcement;
  accountOf(userId: string): Announcement;
  payment(orderId: string): Announcement;
}

/** What the owner of a wallet hears when its balance changes. */
export interface BalanceChanged {
  readonly accountId: string;
  readonly balance: bigint;
  readonly change: bigint;
  readonly kind: 'TOP_UP' | 'CHARGE' | 'REFUND';
  readonly orderId?: string;
  readonly accountVersion: number;
}

/** The event of a decision that moved a wallet's money; a settlement does not. */
export function balanceChanged({ account, transfer }: Decision): BalanceChanged | undefined {
  if (account === undefined || transfer === undefined || transfer.kind === 'settle') return undefined;
  return {
    accountId: account.id,
    balance: account.balance,
    change: signOf[transfer.kind] * transfer.amount,
    kind: kindOnTheWire[transfer.kind],
    ...(transfer.orderId === undefined ? {} : { orderId: transfer.orderId }),
    accountVersion: account.version,
  };
}

export const kindOnTheWire = { top_up: 'TOP_UP', charge: 'CHARGE', refund: 'REFUND' } as const;
