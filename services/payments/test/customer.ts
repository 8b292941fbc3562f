import { randomUUID } from 'node:crypto';
import type { RunningPayments } from './running-payments.js';

export interface Page {
  readonly transactions: readonly {
    id: string;
    type: string;
    direction: string;
    amount: number;
    balanceAfter: number;
    orderId?: string;
  }[];
  readonly nextCursor: string | null;
}
export type Account = { readonly id: string; readonly balance: number; readonly version: number };

/** Somebody with an open account and so much in it. */
export async function customerOf(payments: RunningPayments, paidIn: number) {
  const { userId, http } = payments.person();
  const { body } = await http.post<{ id: string; AccountID: string }>('/v1/accounts');
  const topUp = (amount: unknown, options = {}) => http.patch(`/v1/accounts/${body.id}`, { amount }, options);
  if (paidIn > 0) await topUp(paidIn);
  const balance = async () => (await http.get<Account>('/v1/accounts/mine')).body.balance;
  const order = (amount: bigint, pointsToSpend = 0n) => ({ id: randomUUID(), owner: userId, amount, pointsToSpend });
  return { userId, http, accountId: body.id, opened: body, topUp, balance, order };
}
