import { LedgerRefused, open, topUp as put } from '../domain/ledger.js';
import type { Account } from '../domain/ledger.js';
import type { Work } from './work.js';

/** @throws LedgerRefused account_exists: a user has one account. */
export async function openAccount(work: Work, command: { userId: string; currency: string }): Promise<Account> {
  const account = open(await work.accountOf(command.userId), { id: work.newId(), ...command }, work.now);
  work.record({ account });
  return account;
}

export interface TopUp {
  readonly accountId: string;
  /** Who pays in; another's account is not found. */
  readonly userId: string;
  readonly amount: bigint;
}

/** @throws LedgerRefused not_found, validation_failed, balance_limit. */
export async function topUp(work: Work, { accountId, userId, amount }: TopUp): Promise<Account> {
  const account = ownAccount(await work.account(accountId), userId);
  const movement = put(account, amount, work.now);
  work.record(movement);
  return movement.account;
}

/** The account if it is this user's; another's looks exactly like none. */
export function ownAccount(account: Account | undefined, userId: string): Account {
  return knownAccount(account?.userId === userId ? account : undefined);
}

export function knownAccount(account: Account | undefined): Account {
  if (account === undefined) throw new LedgerRefused('not_found', 'account not found');
  return account;
}
