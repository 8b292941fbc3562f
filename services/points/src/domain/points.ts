import { MAX_AMOUNT, MAX_BALANCE } from '@g-store/values';

/** What an account is at one instant: the fold of its events and nothing more. Points are in 1/100. */
export interface Account {
  /** A user's id, or an integer id of a machine's customer. */
  readonly id: string;
  /** Never below 0. */
  readonly balance: bigint;
  /** Spent on orders and not returned: it may come back, so that there is always room for it. */
  readonly spent: bigint;
  /** Drawn out so far. */
  readonly withdrawn: bigint;
  /** Counts all events: 1, 2, 3 … */
  readonly version: number;
  /** Counts those that are told under the account's own key; an order's are told under the order's. */
  readonly told: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type PointsKind = 'earned' | 'spent' | 'returned' | 'adjusted' | 'withdrawn';

/** One thing that happened to an account, for ever. */
export type PointsEvent = {
  readonly accountId: string;
  readonly version: number;
  /** Negative for what is spent or withdrawn; never 0. */
  readonly change: bigint;
  readonly balanceAfter: bigint;
  /** Never earlier than the event before it, whatever the clocks say. */
  readonly at: Date;
} & Happened;

/** What happened, and because of what: of one kind there is one event for one cause. */
export type Happened =
  /** The cause is the order number. */
  | { readonly kind: 'earned'; readonly cause: string }
  /** The cause is the order id. */
  | { readonly kind: 'spent' | 'returned'; readonly cause: string }
  /** The cause is the request's id, or one of its own. */
  | { readonly kind: 'adjusted'; readonly cause: string; readonly reason: string; readonly actor: string }
  /** The cause is an id of its own: the same order may be drawn against again. */
  | { readonly kind: 'withdrawn'; readonly cause: string; readonly orderNumber: string };

/** An event, and the account as it leaves it. */
export interface Entry {
  readonly account: Account;
  readonly event: PointsEvent;
}

export type RefusalCode = 'insufficient_points' | 'balance_limit' | 'validation_failed';

export class PointsRefused extends Error {
  override readonly name = 'PointsRefused';
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}

interface Asked {
  readonly accountId: string;
  readonly points: bigint;
}

export const earn = (
  account: Account | undefined,
  { accountId, points, number }: Asked & { number: string },
  at: Date,
) => decide(account, { accountId, change: positive(points) }, { kind: 'earned', cause: number }, at);

export const spend = (
  account: Account | undefined,
  { accountId, points, orderId }: Asked & { orderId: string },
  at: Date,
) => decide(account, { accountId, change: -positive(points) }, { kind: 'spent', cause: orderId }, at);

/** There is room for it: what was spent counts towards the limit of a balance until it is back. */
export const giveBack = (
  account: Account | undefined,
  { accountId, points, orderId }: Asked & { orderId: string },
  at: Date,
) => decide(account, { accountId, change: positive(points) }, { kind: 'returned', cause: orderId }, at);

export interface Adjustment {
  readonly accountId: string;
  readonly change: bigint;
  readonly cause: string;
  readonly reason: string;
  readonly actor: string;
}

export const adjust = (account: Account | undefined, { accountId, change, ...why }: Adjustment, at: Date): Entry => {
  if (change === 0n) throw new PointsRefused('validation_failed', 'amount must not be 0');
  return decide(account, { accountId, change }, { kind: 'adjusted', ...why }, at);
};

export interface Withdrawal extends Asked {
  readonly orderNumber: string;
  readonly cause: string;
}

export const withdraw = (
  account: Account | undefined,
  { accountId, points, orderNumber, cause }: Withdrawal,
  at: Date,
): Entry => decide(account, { accountId, change: -positive(points) }, { kind: 'withdrawn', cause, orderNumber }, at);

/** The account after one more event; the first one opens it. Events come in order of their versions. */
export function evolve(account: Account | undefined, event: PointsEvent): Account {
  const { accountId, version, kind, change, balanceAfter, at } = event;
  if (version !== (account?.version ?? 0) + 1 || balanceAfter !== (account?.balance ?? 0n) + change)
    throw new Error(`event ${version} of account ${accountId} does not follow from the one before it`);
  return {
    id: accountId,
    balance: balanceAfter,
    spent: (account?.spent ?? 0n) - (kind === 'spent' || kind === 'returned' ? change : 0n),
    withdrawn: (account?.withdrawn ?? 0n) - (kind === 'withdrawn' ? change : 0n),
    version,
    told: (account?.told ?? 0) + (isToldUnderAccount(kind) ? 1 : 0),
    createdAt: account?.createdAt ?? at,
    updatedAt: at,
  };
}

export const isToldUnderAccount = (kind: PointsKind): kind is 'earned' | 'adjusted' | 'withdrawn' =>
  kind !== 'spent' && kind !== 'returned';

function decide(
  account: Account | undefined,
  { accountId, change }: { readonly accountId: string; readonly change: bigint },
  happened: Happened,
  now: Date,
): Entry {
  if (change > MAX_AMOUNT || change < -MAX_AMOUNT)
    throw new PointsRefused('validation_failed', `amount must be at most ${MAX_AMOUNT}`);
  const balanceAfter = (account?.balance ?? 0n) + change;
  if (balanceAfter < 0n) throw new PointsRefused('insufficient_points', 'insufficient points');
  const event: PointsEvent = {
    accountId,
    version: (account?.version ?? 0) + 1,
    change,
    balanceAfter,
    at: account !== undefined && account.updatedAt > now ? account.updatedAt : now,
    ...happened,
  };
  const after = evolve(account, event);
  if (after.balance + after.spent > MAX_BALANCE)
    throw new PointsRefused('balance_limit', 'the balance would exceed its limit');
  return { account: after, event };
}

function positive(points: bigint): bigint {
  if (points <= 0n) throw new PointsRefused('validation_failed', 'amount must be positive');
  return points;
}
