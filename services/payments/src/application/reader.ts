import type { Account, TransferKind } from '../domain/ledger.js';

/** A line of a wallet's statement. */
export interface StatementEntry {
  readonly id: string;
  readonly kind: Exclude<TransferKind, 'settle'>;
  readonly amount: bigint;
  readonly orderId?: string;
  readonly balanceAfter: bigint;
  /** The account's version after it: 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly at: Date;
}

/** What may be read without a unit of work. */
export interface Reader {
  account(id: string): Promise<Account | undefined>;
  accountOf(userId: string): Promise<Account | undefined>;
  /** Everybody's, newest first, older than the account `before` if given, at most `limit`. */
  accounts(page: { readonly before?: string; readonly limit: number }): Promise<readonly Account[]>;
  /** Newest first, older than `before` if given, at most `limit`. */
  statement(
    userId: string,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly StatementEntry[]>;
}
