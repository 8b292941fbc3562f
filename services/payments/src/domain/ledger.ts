import { MAX_AMOUNT, MAX_BALANCE } from '@g-store/values';

/** A user's wallet. Amounts are minor units. */
export interface Account {
  readonly id: string;
  readonly userId: string;
  readonly currency: string;
  /** Empty unless it was opened in a name. */
  readonly fullName: string;
  /** What the user may spend; never below 0. */
  readonly balance: bigint;
  /** Charged for orders that are not final yet: it may still come back, so there is always room for it. */
  readonly held: bigint;
  /** Counts the transfers that touched the balance; 0 for a new account. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** top_up world → wallet · charge wallet → clearing · settle clearing → revenue · refund clearing → wallet. */
export type TransferKind = 'top_up' | 'charge' | 'settle' | 'refund';

/** Money that has moved, for ever: what one side loses the other gains, so a transfer cannot make or lose any. */
export interface Transfer {
  readonly kind: TransferKind;
  readonly amount: bigint;
  readonly userId: string;
  readonly orderId?: string;
  /** The wallet as this transfer left it; a settlement does not touch it. */
  readonly wallet?: { readonly version: number; readonly balance: bigint };
  /** Who of the store paid in for the owner. */
  readonly actor?: string;
  readonly at: Date;
}

export interface Movement {
  readonly account: Account;
  readonly transfer: Transfer;
}

export type RefusalCode = 'account_exists' | 'balance_limit' | 'not_found' | 'validation_failed';

export class LedgerRefused extends Error {
  override readonly name = 'LedgerRefused';
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}

export const open = (
  existing: Account | undefined,
  fresh: Pick<Account, 'id' | 'userId' | 'currency'> & Partial<Pick<Account, 'fullName'>>,
  now: Date,
): Account => {
  if (existing !== undefined) throw new LedgerRefused('account_exists', 'account for user already exists');
  return { fullName: '', ...fresh, balance: 0n, held: 0n, version: 0, createdAt: now, updatedAt: now };
};

/** `actor` where it is not the owner who pays in. */
export const topUp = (account: Account, amount: bigint, now: Date, actor?: string): Movement => {
  if (amount <= 0n) throw new LedgerRefused('validation_failed', 'order amount must be positive');
  if (amount > MAX_AMOUNT) throw new LedgerRefused('validation_failed', `amount must be at most ${MAX_AMOUNT}`);
  if (account.balance + account.held + amount > MAX_BALANCE)
    throw new LedgerRefused('balance_limit', 'the balance would exceed its limit');
  const { transfer, ...moved } = move(account, { kind: 'top_up', amount }, now);
  return { ...moved, transfer: { ...transfer, ...(actor === undefined ? {} : { actor }) } };
};

export const charge = (account: Account, orderId: string, amount: bigint, now: Date): Movement =>
  move(account, { kind: 'charge', amount, orderId }, now);

export const refund = (account: Account, orderId: string, amount: bigint, now: Date): Movement =>
  move(account, { kind: 'refund', amount, orderId }, now);

/** The sale is final: what was held is the shop's. */
export const settle = (account: Account, orderId: string, amount: bigint, now: Date): Movement => ({
  account: { ...account, held: account.held - amount },
  transfer: { kind: 'settle', amount, userId: account.userId, orderId, at: now },
});

/** What a transfer of this kind does to the wallet's balance, per unit of amount. */
export const signOf: Readonly<Record<TransferKind, bigint>> = { top_up: 1n, charge: -1n, settle: 0n, refund: 1n };

function move(
  account: Account,
  { kind, amount, orderId }: { kind: 'top_up' | 'charge' | 'refund'; amount: bigint; orderId?: string },
  now: Date,
): Movement {
  const balance = account.balance + signOf[kind] * amount;
  const version = account.version + 1;
  const held = kind === 'top_up' ? account.held : account.held - signOf[kind] * amount;
  return {
    account: { ...account, balance, held, version, updatedAt: now },
    transfer: {
      kind,
      amount,
      userId: account.userId,
      ...(orderId === undefined ? {} : { orderId }),
      wallet: { version, balance },
      at: now,
    },
  };
}
