import { LedgerRefused, open, topUp as put } from '../domain/ledger.js';
import type { Account } from '../domain/ledger.js';
import type { Work } from './work.js';

export interface OpenAccount {
  readonly userId: string;
  readonly currency: string;
  readonly fullName?: string;
  /** What is paid in at once; nothing by default. */
  readonly balance?: bigint;
  /** Who opens it; its owner by default. */
  readonly actor?: string;
}

/** @throws LedgerRefused account_exists: a user has one account. */
export async function openAccount(work: Work, { balance = 0n, actor, ...command }: OpenAccount): Promise<Account> {
  const account = open(await work.accountOf(command.userId), { id: work.newId(), ...command }, work.now);
  const opened = balance === 0n ? { account } : put(account, balance, work.now, payerFor(command.userId, actor));
  work.record(opened);
  return opened.account;
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

export interface PayIn {
  readonly userId: string;
  readonly amount: bigint;
  /** Who pays in. */
  readonly actor: string;
  /** Throws when the caller has seen another version than this one and minds (If-Match). */
  readonly checkVersion: (version: number) => void;
}

/** Tops up the account of a user, who may be another than the one who pays. @throws LedgerRefused as `topUp` does */
export async function payIn(work: Work, { userId, amount, actor, checkVersion }: PayIn): Promise<Account> {
  const account = knownAccount(await work.accountOf(userId));
  checkVersion(account.version);
  const movement = put(account, amount, work.now, payerFor(userId, actor));
  work.record(movement);
  return movement.account;
}

const payerFor = (owner: string, actor: string | undefined): string | undefined =>
  actor === owner ? undefined : actor;

/** The account if it is this user's; another's looks exactly like none. */
export function ownAccount(account: Account | undefined, userId: string): Account {
  return knownAccount(account?.userId === userId ? account : undefined);
}

export function knownAccount(account: Account | undefined): Account {
  if (account === undefined) throw new LedgerRefused('not_found', 'account not found');
  return account;
}
