import type { Account, PointsEvent } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';

/** The query side: what may be read without a unit of work. Each costs the same however long an account's history is. */
export interface Reader {
  account(id: string): Promise<Account | undefined>;
  /** What the balance was at that instant; 0 before the first event. */
  balanceAt(accountId: string, at: Date): Promise<bigint>;
  /** Newest first, older than the version `before` if given, at most `limit`. */
  entries(
    accountId: string,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly PointsEvent[]>;
  request(id: string): Promise<ChangeRequest | undefined>;
  /** What machines asked for on this account: newest first, older than the request `before` if given, at most `limit`. */
  requests(
    accountId: string,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly ChangeRequest[]>;
}
