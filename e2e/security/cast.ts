import { randomUUID } from 'node:crypto';
import { eventually, type HttpOptions } from '@g-store/testing';
import {
  becomes,
  expectStatus,
  givePoints,
  http,
  newNumber,
  operatorToken,
  orderOf,
  placeOrder,
  signIn,
  type Person,
} from '../shop';
import { secret, scopedKey, type Scope } from '../stack';
import { startForger, strangersTokens, toPart } from './forger';

export type Role = 'customer' | 'staff' | 'operator';

/** Somebody with an account, money, a paid order and a notification of it. */
export interface Shopper extends Person {
  readonly password: string;
  readonly role: Role;
  readonly accountId: string;
  readonly orderId: string;
  readonly notificationId: string;
}

/** Somebody of the matrix, who has points, has uploaded a number and withdrawn something, and for whom a machine has asked. */
export interface Member extends Shopper {
  readonly requestId: string;
  readonly orderNumber: string;
  /** The first that the journal has heard of the order. */
  readonly eventId: string;
}

/** One row of the matrix: who asks, and what they are taken for. */
export interface Identity {
  readonly name: string;
  readonly takenFor: 'nobody' | Role | 'machine';
  /** Of a machine. */
  readonly scopes?: readonly Scope[];
  readonly options: HttpOptions;
  /** Whose things are `own`, and whose are not. */
  readonly self: Member;
  readonly other: Member;
}

export const credentials = () => {
  const login = `s-${randomUUID()}`;
  return { login, password: `${login}-password` };
};

export async function registered() {
  const chosen = credentials();
  const { id } = expectStatus(await http.post<{ id: string }>('/api/identity/v1/users', chosen), 201);
  return { id, ...chosen };
}

/** Somebody who was never here before, signed in with these rights. */
export async function newcomer(role: Role = 'customer'): Promise<Person & { readonly password: string }> {
  const { id, login, password } = await registered();
  if (role !== 'customer') {
    const path = `/api/identity/v1/users/${id}/roles/${role}`;
    expectStatus(await http.put(path, undefined, { token: await operatorToken() }), 204);
  }
  return { id, login, password, token: await signIn(login, password) };
}

export async function shopper(role: Role = 'customer', money = 1_000_000): Promise<Shopper> {
  const somebody = await newcomer(role);
  const opened = await http.post<{ id: string }>('/api/payments/v1/accounts', undefined, somebody);
  const accountId = expectStatus(opened, 201).id;
  expectStatus(await http.patch(`/api/payments/v1/accounts/${accountId}`, { amount: money }, somebody), 204);
  const orderId = await paidOrder(somebody);
  const notificationId = await eventually(() => notificationOf(somebody, orderId), { within: 20_000, every: 50 });
  return { ...somebody, role, accountId, orderId, notificationId };
}

async function member(role: Role = 'customer'): Promise<Member> {
  const somebody = await shopper(role);
  await givePoints(somebody.id, 100_000);
  const { number: orderNumber } = await orderOf(somebody, somebody.orderId);
  expectStatus(await http.post('/api/user/orders', orderNumber, { ...somebody, headers: text }), 202);
  expectStatus(await http.post('/api/user/balance/withdraw', { order: newNumber(), sum: 1 }, somebody), 200);
  const requestId = await requestPoints(somebody.id, 1);
  const eventId = await eventually(() => firstEventOf(somebody.orderId), { within: 20_000, every: 50 });
  return { ...somebody, orderNumber, requestId, eventId };
}

async function firstEventOf(orderId: string): Promise<string> {
  const path = `/api/journal/v1/journeys/${orderId}`;
  const heard = await http.get<{ steps: { id: string }[] }>(path, { token: await operatorToken() });
  return expectStatus(heard, 200).steps[0]?.id ?? '';
}

const text = { 'content-type': 'text/plain' };

async function requestPoints(accountId: string, point: number): Promise<string> {
  const path = `/api/points/v1/point/${accountId}/add`;
  const asked = await http.post<{ data: { request_id: string } }>(path, { point }, { staffKey: scopedKey('points') });
  return expectStatus(asked, 200).data.request_id;
}

export async function paidOrder(somebody: Person): Promise<string> {
  const id = await placeOrder(somebody, 100);
  await becomes(somebody, id, 'PAID');
  return id;
}

async function notificationOf(somebody: Person, orderId: string): Promise<string> {
  const { notifications } = expectStatus(
    await http.get<{ notifications: { id: string; orderId?: string }[] }>(
      '/api/notifications/v1/notifications',
      somebody,
    ),
    200,
  );
  const found = notifications.find((one) => one.orderId === orderId);
  if (found === undefined) throw new Error(`nothing is said of ${orderId}`);
  return found.id;
}

/** An account of the machines' own. */
export const MACHINES_CUSTOMER = '7';

/** Everybody who may knock, from nobody to an operator, and those who pretend. */
export async function castOfTheMatrix(): Promise<readonly Identity[]> {
  const [anna, boris, dora, olga, oskar, forger] = await Promise.all([
    member(),
    member(),
    member(),
    member('staff'),
    member('operator'),
    startForger(),
    givePoints(MACHINES_CUSTOMER, 100_000),
  ]);
  const gone = await signIn(anna.login, anna.password);
  expectStatus(await http.delete('/api/identity/v1/sessions/current', undefined, { token: gone }), 204);
  const block = `/api/identity/v1/users/${dora.id}/block`;
  expectStatus(await http.post(block, undefined, { token: oskar.token }), 204);
  const machine = (name: string, staffKey: string, scopes: readonly Scope[]): Identity => ({
    name,
    takenFor: 'machine',
    scopes,
    options: { staffKey },
    self: anna,
    other: boris,
  });
  const refused = (name: string, options: HttpOptions, self = anna): Identity => ({
    name,
    takenFor: 'nobody',
    options,
    self,
    other: boris,
  });
  const expired = { sub: anna.id, iat: 1_700_000_000, exp: 1_700_000_600 };
  const raised = { sub: anna.id, roles: ['customer', 'staff', 'operator'] };
  const identities = [
    refused('nobody', {}),
    refused('somebody who only says who they are', { headers: { 'x-user-id': anna.id } }),
    refused('a customer whose token has expired', { token: forger.issue(expired) }),
    refused('a token that is none', { token: 'eyJhbGciOiJub25lIn0.e30.' }),
    refused('a customer who signed out', { token: gone }),
    refused('a customer who is blocked', { token: dora.token }, dora),
    refused('a stranger with a token of their own making', { token: strangersTokens(forger.kid).issue(raised) }),
    refused('a customer who wrote "operator" into the token', { token: promoted(anna.token) }),
    refused('a machine with a wrong key', { staffKey: 'wrong' }),
    refused('a machine that shows a cookie too', {
      staffKey: secret('staff-api-key'),
      headers: { cookie: 'theme=dark' },
    }),
    machine('a machine with every scope', secret('staff-api-key'), ['orders', 'points', 'accrual']),
    machine('a machine for orders', scopedKey('orders'), ['orders']),
    machine('a machine for points', scopedKey('points'), ['points']),
    machine('a machine for accrual', scopedKey('accrual'), ['accrual']),
    ...[
      { name: 'a customer', self: anna, other: boris },
      { name: 'another customer', self: boris, other: anna },
      { name: 'staff', self: olga, other: anna },
      { name: 'an operator', self: oskar, other: anna },
    ].map(({ name, self, other }) => ({ name, takenFor: self.role, options: { token: self.token }, self, other })),
  ] as const;
  await denialsAreHeard([dora.token, gone]);
  return identities;
}

/** The same token, with a body that says more. */
export function promoted(token: string): string {
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
  const more = { ...claims, roles: ['customer', 'staff', 'operator'] };
  return [head, toPart(JSON.stringify(more)), signature].join('.');
}

/** Within 5 s no service takes these tokens any more; the notifications of each instance too, whichever answers. */
export const denialsAreHeard = (tokens: readonly string[]): Promise<unknown> =>
  eventually(
    async () => {
      const paths = everyDoor.flatMap((path) => Array.from({ length: 6 }, () => path));
      const replies = await Promise.all(tokens.flatMap((token) => paths.map((path) => http.get(path, { token }))));
      return replies.every(({ status }) => status === 401);
    },
    { within: 5_000, every: 50 },
  );

/** Of each service, an address that anybody signed in may ask. */
export const somethingOfOnesOwn = {
  identity: '/api/identity/v1/users/me',
  orders: '/api/orders/v1/orders',
  payments: '/api/payments/v1/accounts/mine',
  points: '/api/points/v1/accounts/mine',
  notifications: '/api/notifications/v1/notifications/unread-count',
} as const;

/** Of each service, an address that nobody is let in at without a credential. */
export const everyDoor: readonly string[] = [
  ...Object.values(somethingOfOnesOwn),
  '/api/accrual/api/orders/18',
  '/api/journal/v1/stuck',
];

/** What somebody has, as far as others could have touched it. */
export async function belongings(somebody: Shopper): Promise<object> {
  const mine = async (path: string) => expectStatus(await http.get<object>(path, somebody), 200);
  return {
    order: await orderOf(somebody, somebody.orderId),
    account: await mine(`/api/payments/v1/accounts/${somebody.accountId}`),
    person: await mine('/api/identity/v1/users/me'),
  };
}
