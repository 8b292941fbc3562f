import { doubted, type Doubted } from './doubt.js';

export type AccountKind = 'money' | 'points';

/** An account's entries, added up, beside the balance that its newest one tells. */
export interface AccountFold extends Doubted {
  readonly kind: AccountKind;
  readonly accountId: string;
  /** How many were heard; their versions reach from the first to the last without a hole, or something is missing. */
  readonly entries: number;
  readonly firstVersion: number;
  readonly lastVersion: number;
  /** Before the first that was heard; not 0 when the account is older than the journal. */
  readonly opening: bigint;
  readonly sum: bigint;
  readonly balance: bigint;
}

export interface Entry {
  readonly kind: AccountKind;
  readonly accountId: string;
  readonly version: number;
  readonly change: bigint;
  /** After the change. */
  readonly balance: bigint;
}

/** The account after one entry more; they come in any order where two keys tell of one account. */
export function enter(before: AccountFold | undefined, entry: Entry, now: Date): AccountFold {
  const { kind, accountId, version, change, balance } = entry;
  const isFirst = before === undefined || version < before.firstVersion;
  const isLast = before === undefined || version > before.lastVersion;
  const account = {
    kind,
    accountId,
    entries: (before?.entries ?? 0) + 1,
    firstVersion: isFirst ? version : before.firstVersion,
    lastVersion: isLast ? version : before.lastVersion,
    opening: isFirst ? balance - change : before.opening,
    sum: (before?.sum ?? 0n) + change,
    balance: isLast ? balance : before.balance,
  };
  return { ...account, ...doubted(before, doubtOf(account), now) };
}

function doubtOf(account: Omit<AccountFold, keyof Doubted>): string | undefined {
  const { entries, firstVersion, lastVersion, opening, sum, balance } = account;
  const expected = lastVersion - firstVersion + 1;
  if (entries !== expected) return `${entries} entries heard of ${expected}`;
  if (firstVersion === 1 && opening !== 0n) return `begins with ${opening}`;
  if (opening + sum !== balance) return `tells a balance of ${balance}, but its entries add up to ${opening + sum}`;
  if (balance < 0n) return `is at ${balance}, below 0`;
  return undefined;
}
