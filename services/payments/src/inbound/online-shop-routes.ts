import {
  actorOf,
  decodeCursor,
  encodeCursor,
  etagOf,
  exactDecimal,
  exactNumber,
  isStaff,
  nextLink,
  none,
  ok,
  pageQuery,
  requireVersion,
  versioned,
} from '@g-store/http';
import type { Caller, Route } from '@g-store/http';
import { formatDecimal } from '@g-store/values';
import { z } from 'zod';
import { knownAccount, openAccount, payIn } from '../application/accounts.js';
import { LedgerRefused } from '../domain/ledger.js';
import type { Account } from '../domain/ledger.js';
import { route } from './routing.js';
import type { Dependencies } from './routing.js';

const tags = ['dialect: online shop'];
const uuid = z.guid().toLowerCase().meta({ format: 'uuid' });
const Owner = z.strictObject({ user_id: uuid });
const decimal = 'of the currency, with at most two decimal places';

const Opening = z
  .strictObject({
    full_name: z.string().trim().min(1).max(200),
    balance: exactDecimal({ min: 0n, sentence: 'balance must not be below 0' }).describe(decimal),
  })
  .meta({ id: 'OnlineShopCreateAccount' });
const PayingIn = z
  .strictObject({ amount: exactDecimal({ min: 1n, sentence: 'amount must be positive' }).describe(decimal) })
  .meta({ id: 'OnlineShopUpdateAccount' });
const AccountView = z
  .object({
    user_id: uuid,
    full_name: z.string().describe('empty for an account that was opened in no name'),
    balance: z.number().describe(decimal),
  })
  .meta({ id: 'OnlineShopAccount' });

/** The older online shop's way to the same accounts: decimals, a name, and somebody's id in the path where nobody signed in. */
export const onlineShopRoutes = ({ reader, announcements, currency }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'post',
      path: '/payment/account/create/:user_id',
      summary: 'Open an account in a name, with money in it or without',
      description: 'For oneself; staff for anybody.',
      tags,
      caller: 'customer',
      params: Owner,
      body: Opening,
      answers: { 200: none },
      refusals: ['not_found', 'account_exists'],
    },
    ({ params: { user_id: userId }, body: { full_name: fullName, balance }, caller, transact }) => {
      requireOwner(caller, userId);
      return transact([announcements.accountOf(userId)], async (work) => {
        const opening = { userId, currency, fullName, balance, actor: actorOf(caller) };
        const { version } = await openAccount(work, opening);
        return ok(undefined, { etag: etagOf(version) });
      });
    },
  ),

  route(
    {
      method: 'get',
      path: '/payment/account/get',
      summary: "Staff: everybody's accounts, newest first",
      description: 'The next page is in `Link`.',
      tags,
      caller: 'staff',
      machine: 'orders',
      query: pageQuery,
      answers: { 200: z.array(AccountView) },
    },
    async ({ query: { cursor, limit }, url }) => {
      const before = decodeCursor(z.tuple([uuid]), cursor)?.[0];
      const page = { ...(before === undefined ? {} : { before }), limit: limit + 1 }; // one more tells whether there is a next page
      const found = await reader.accounts(page);
      const accounts = found.slice(0, limit);
      const last = accounts.at(-1);
      const nextCursor = last !== undefined && found.length > limit ? encodeCursor([last.id]) : null;
      return ok(accounts.map(toAnswer), nextLink(url, nextCursor));
    },
  ),

  route(
    {
      method: 'get',
      path: '/payment/account/get/:user_id',
      summary: "A user's account",
      description: 'For its owner, and for staff.',
      tags,
      caller: 'customer',
      machine: 'orders',
      params: Owner,
      answers: { 200: AccountView, 304: none },
      refusals: ['not_found'],
    },
    async ({ params: { user_id: userId }, caller, ifNoneMatch }) => {
      requireOwner(caller, userId);
      const account = knownAccount(await reader.accountOf(userId));
      return versioned(toAnswer(account), account.version, ifNoneMatch);
    },
  ),

  route(
    {
      method: 'patch',
      path: '/payment/account/update/:user_id',
      summary: 'Top up an account',
      description: 'Stands for a payment from outside. For its owner, and for staff.',
      tags,
      caller: 'customer',
      params: Owner,
      body: PayingIn,
      answers: { 200: none },
      refusals: ['not_found', 'balance_limit', 'version_conflict'],
    },
    ({ params: { user_id: userId }, body: { amount }, caller, ifMatch, transact }) => {
      requireOwner(caller, userId);
      return transact([announcements.accountOf(userId)], async (work) => {
        const checkVersion = (version: number): void => requireVersion(ifMatch, version);
        const { version } = await payIn(work, { userId, amount, actor: actorOf(caller), checkVersion });
        return ok(undefined, { etag: etagOf(version) });
      });
    },
  ),
];

/** Somebody else's account looks exactly like none, except to staff. */
function requireOwner(caller: Caller, userId: string): void {
  if (isStaff(caller) || (caller.kind === 'user' && caller.userId === userId)) return;
  throw new LedgerRefused('not_found', 'account not found');
}

const toAnswer = ({ userId, fullName, balance }: Account) => ({
  user_id: userId,
  full_name: fullName,
  balance: exactNumber(formatDecimal(balance)),
});
