import {
  amount,
  created,
  decodeCursor,
  encodeCursor,
  etagOf,
  isStaff,
  nextLink,
  noContent,
  none,
  ok,
  pageQuery,
  requireVersion,
  versioned,
} from '@g-store/http';
import type { Caller, Route } from '@g-store/http';
import { z } from 'zod';
import { knownAccount, openAccount, ownAccount, topUp } from '../application/accounts.js';
import type { StatementEntry } from '../application/reader.js';
import { kindOnTheWire } from '../application/work.js';
import type { Account } from '../domain/ledger.js';
import { route } from './routing.js';
import type { Dependencies } from './routing.js';

const AccountId = z.strictObject({ id: z.uuid() });
const TopUp = z.strictObject({ amount: amount('order amount must be positive') });
const Opened = z.object({ id: z.uuid(), AccountID: z.uuid() });
const AccountView = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  balance: z.int().meta({ description: 'minor units; never below 0' }),
  currency: z.string(),
  version: z.int().meta({ description: 'how many transactions have touched the balance' }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const Transaction = z.object({
  id: z.uuid(),
  type: z.enum(['TOP_UP', 'CHARGE', 'REFUND']),
  direction: z.enum(['IN', 'OUT']),
  amount: z.int(),
  orderId: z.uuid().optional(),
  balanceAfter: z.int(),
  at: z.iso.datetime(),
});
const Statement = z.object({ transactions: z.array(Transaction), nextCursor: z.string().nullable() });

const tags = ['accounts'];

export const accountRoutes = ({ reader, announcements, currency }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/v1/accounts',
      summary: 'Open an account',
      tags,
      caller: 'customer',
      answers: { 201: Opened },
      refusals: ['account_exists'],
    },
    ({ caller: { userId }, transact }) =>
      transact([announcements.accountOf(userId)], async (work) => {
        const { id, version } = await openAccount(work, { userId, currency });
        return created({ id, AccountID: id }, { location: `/v1/accounts/${id}`, etag: etagOf(version) });
      }),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/mine',
      summary: 'My account',
      tags,
      caller: 'customer',
      answers: { 200: AccountView, 304: none },
      refusals: ['not_found'],
    },
    async ({ caller, ifNoneMatch }) => shown(knownAccount(await reader.accountOf(caller.userId)), ifNoneMatch),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts',
      summary: "Staff: a user's account",
      tags,
      caller: 'staff',
      machine: 'orders',
      query: z.strictObject({ userId: z.uuid() }),
      answers: { 200: AccountView, 304: none },
      refusals: ['not_found'],
    },
    async ({ query, ifNoneMatch }) => shown(knownAccount(await reader.accountOf(query.userId)), ifNoneMatch),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/:id',
      summary: 'One account',
      description: 'For its owner, and for staff.',
      tags,
      caller: 'customer',
      machine: 'orders',
      params: AccountId,
      answers: { 200: AccountView, 304: none },
      refusals: ['not_found'],
    },
    async ({ params, caller, ifNoneMatch }) => shown(readable(await reader.account(params.id), caller), ifNoneMatch),
  ),

  route(
    {
      method: 'patch',
      path: '/v1/accounts/:id',
      summary: 'Top up my account',
      description: 'Stands for a payment from outside. Only for its owner.',
      tags,
      caller: 'customer',
      params: AccountId,
      body: TopUp,
      answers: { 204: none },
      refusals: ['not_found', 'balance_limit', 'version_conflict'],
    },
    ({ params, body, caller: { userId }, ifMatch, transact }) =>
      transact([announcements.account(params.id)], async (work) => {
        requireVersion(ifMatch, ownAccount(await work.account(params.id), userId).version);
        const { version } = await topUp(work, { accountId: params.id, userId, amount: body.amount });
        return noContent({ etag: etagOf(version) });
      }),
  ),

  route(
    {
      method: 'get',
      path: '/v1/accounts/:id/transactions',
      summary: 'The statement of an account, newest first',
      description: 'For its owner, and for staff.',
      tags,
      caller: 'customer',
      machine: 'orders',
      params: AccountId,
      query: pageQuery,
      answers: { 200: Statement },
      refusals: ['not_found'],
    },
    async ({ params, query: { cursor, limit }, caller, url }) => {
      const before = decodeCursor(z.tuple([z.int32().positive()]), cursor)?.[0];
      const { userId } = readable(await reader.account(params.id), caller);
      const page = { ...(before === undefined ? {} : { before }), limit: limit + 1 }; // one more tells whether there is a next page
      const found = await reader.statement(userId, page);
      const entries = found.slice(0, limit);
      const last = entries.at(-1);
      const nextCursor = last !== undefined && found.length > limit ? encodeCursor([last.version]) : null;
      return ok({ transactions: entries.map(toTransaction), nextCursor }, nextLink(url, nextCursor));
    },
  ),
];

/** The account if the caller may see it; else it looks exactly like none. */
const readable = (account: Account | undefined, caller: Caller): Account =>
  caller.kind === 'machine' || isStaff(caller) ? knownAccount(account) : ownAccount(account, caller.userId);

const shown = ({ held: _, fullName: __, ...account }: Account, ifNoneMatch: string | undefined) =>
  versioned(account, account.version, ifNoneMatch);

const toTransaction = ({ kind, version: _, ...entry }: StatementEntry) => ({
  ...entry,
  type: kindOnTheWire[kind],
  direction: kind === 'charge' ? 'OUT' : 'IN',
});
