import { adjust, earn, withdraw } from '../domain/points.js';
import type { Account } from '../domain/points.js';
import type { Work } from './work.js';

export interface Reward {
  readonly number: string;
  readonly accountId: string;
  readonly points: bigint;
  /** When the number is one of our own shop's. */
  readonly orderId?: string;
}

/** Earns a reward, once per order number however it became known; nothing happens for one of 0, or the second time. */
export async function earnReward(work: Work, { number, accountId, points, orderId }: Reward): Promise<void> {
  if (points === 0n || (await work.earned(number)) !== undefined) return;
  const entry = earn(await work.account(accountId), { accountId, points, number }, work.now);
  work.record({ entry, ...(orderId === undefined ? {} : { earnedOn: orderId }) });
}

export interface Adjust {
  readonly accountId: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly actor: string;
}

/** Gives or takes by hand; giving opens an account. @throws PointsRefused insufficient_points, balance_limit */
export async function adjustPoints(work: Work, { accountId, amount, ...why }: Adjust): Promise<Account> {
  const account = await work.account(accountId);
  const entry = adjust(account, { accountId, change: amount, cause: work.newId(), ...why }, work.now);
  work.record({ entry });
  return entry.account;
}

/** Draws points out against an order number. @throws PointsRefused insufficient_points */
export async function withdrawPoints(
  work: Work,
  asked: { readonly accountId: string; readonly points: bigint; readonly orderNumber: string },
): Promise<Account> {
  const entry = withdraw(await work.account(asked.accountId), { ...asked, cause: work.newId() }, work.now);
  work.record({ entry });
  return entry.account;
}
