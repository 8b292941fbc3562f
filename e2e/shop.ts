import { randomUUID } from 'node:crypto';
import { client, eventually, openSocket, type HttpReply, type SocketClient } from '@g-store/testing';
import { withLuhnDigit } from '@g-store/values';
import { gateway, scopedKey, secret, socketUrl } from './stack';

export const http = client(gateway);

export interface Person {
  readonly id: string;
  readonly login: string;
  readonly token: string;
}

export interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly amount: number;
  readonly version: number;
  readonly cancellationReason?: string;
  readonly points: { readonly spent: number; readonly earned: number };
}

export interface Frame {
  readonly type: string;
  readonly data: {
    readonly orderId?: string;
    readonly status?: string;
    readonly version?: number;
    readonly recovered?: boolean;
    readonly code?: string;
  };
  readonly position?: string;
}

export const expectStatus = <T>(reply: HttpReply<T>, status: number): T => {
  if (reply.status !== status) throw new Error(`answered ${reply.status} instead of ${status}: ${reply.text}`);
  return reply.body;
};

export async function signIn(login: string, password: string): Promise<string> {
  return expectStatus(await http.post<{ accessToken: string }>('/api/identity/v1/sessions', { login, password }), 200)
    .accessToken;
}

/** Somebody new, signed in. */
export async function person(): Promise<Person> {
  const login = `p-${randomUUID()}`;
  const password = `${login}-password`;
  const { id } = expectStatus(await http.post<{ id: string }>('/api/identity/v1/users', { login, password }), 201);
  return { id, login, token: await signIn(login, password) };
}

/** Somebody new with this much money. */
export async function customer(money: number): Promise<Person & { readonly accountId: string }> {
  const somebody = await person();
  const { id: accountId } = expectStatus(
    await http.post<{ id: string }>('/api/payments/v1/accounts', undefined, somebody),
    201,
  );
  if (money > 0)
    expectStatus(await http.patch(`/api/payments/v1/accounts/${accountId}`, { amount: money }, somebody), 204);
  return { ...somebody, accountId };
}

export const operatorToken = (): Promise<string> => signIn('first-operator', secret('first-operator-password'));

/** Somebody new to whom an operator has given a role. */
async function personAs(role: 'staff' | 'operator'): Promise<Person> {
  const somebody = await person();
  expectStatus(
    await http.put(`/api/identity/v1/users/${somebody.id}/roles/${role}`, undefined, { token: await operatorToken() }),
    204,
  );
  return { ...somebody, token: await signIn(somebody.login, `${somebody.login}-password`) };
}

export const staff = (): Promise<Person> => personAs('staff');
export const operator = (): Promise<Person> => personAs('operator');

/** What is ordered: an amount, or more. */
export type Wish = number | { readonly amount: number; readonly pointsToSpend?: number; readonly description?: string };

export async function placeOrder(
  { token }: Person,
  wish: Wish,
  idempotencyKey: string = randomUUID(),
): Promise<string> {
  const body = typeof wish === 'number' ? { amount: wish } : wish;
  return expectStatus(
    await http.post<{ orderId: string }>('/api/orders/v1/orders', body, { token, idempotencyKey }),
    201,
  ).orderId;
}

/** Asks until there is an answer that says what happened: the same key makes that one order. */
export function placeOrderSurely(somebody: Person, wish: Wish): Promise<string> {
  const key = randomUUID();
  return eventually(() => placeOrder(somebody, wish, key), { within: 60_000, every: 100 });
}

export async function orderOf({ token }: Person, id: string): Promise<Order> {
  return expectStatus(await http.get<Order>(`/api/orders/v1/orders/${id}`, { token }), 200);
}

export const becomes = (somebody: Person, id: string, status: string, within = 30_000): Promise<Order> =>
  eventually(
    async () => {
      const order = await orderOf(somebody, id);
      if (order.status !== status) throw new Error(`${id} is ${order.status}`);
      return order;
    },
    { within, every: 25 },
  );

export const isSettled = ({ status }: Order): boolean => status !== 'PENDING';

export async function balanceOf({ token }: Person): Promise<number> {
  return expectStatus(await http.get<{ balance: number }>('/api/payments/v1/accounts/mine', { token }), 200).balance;
}

export const balanceBecomes = (somebody: Person, balance: number, within = 60_000): Promise<void> =>
  eventually(
    async () => {
      const now = await balanceOf(somebody);
      if (now !== balance) throw new Error(`the balance is ${now} instead of ${balance}`);
    },
    { within, every: 50 },
  );

export const watch = ({ token }: Person): Promise<SocketClient<Frame>> => openSocket<Frame>(socketUrl, { token });

export const cancel = ({ token }: Person, id: string): Promise<HttpReply<unknown>> =>
  http.post(`/api/orders/v1/orders/${id}/cancel`, undefined, { token });

/** An order number that nobody has had. */
export const newNumber = (): string => withLuhnDigit(String(BigInt(`0x${randomUUID().slice(0, 13).replace('-', '')}`)));

/** In 1/100 point; nobody earns their first ones by shopping, so the shop gives them. */
export async function givePoints(accountId: string, amount: number): Promise<void> {
  const path = `/api/points/v1/accounts/${accountId}/adjustments`;
  expectStatus(await http.post(path, { amount, reason: 'welcome' }, { staffKey: secret('staff-api-key') }), 201);
}

export async function pointsOf({ token }: Person): Promise<number> {
  return expectStatus(await http.get<{ balance: number }>('/api/points/v1/accounts/mine', { token }), 200).balance;
}

export const pointsBecome = (somebody: Person, points: number, within = 60_000): Promise<void> =>
  eventually(
    async () => {
      const now = await pointsOf(somebody);
      if (now !== points) throw new Error(`there are ${now} points instead of ${points}`);
    },
    { within, every: 50 },
  );

/** As a machine of the shop's staff moves it, step by step. */
export async function move(orderId: string, ...statuses: readonly string[]): Promise<void> {
  const path = `/api/orders/v1/staff/orders/${orderId}/status`;
  for (const status of statuses)
    expectStatus(await http.patch(path, { status }, { staffKey: secret('staff-api-key') }), 204);
}

/** From PAID on. */
export const issue = (orderId: string): Promise<void> =>
  move(orderId, 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED');

/** Whatever has a description with the answer in it is rewarded so from now on. */
export async function rewardFor(percent: number): Promise<string> {
  const match = `kettle ${randomUUID()}`;
  const rule = { match, reward: percent, reward_type: '%' };
  expectStatus(await http.post('/api/accrual/api/goods', rule, { staffKey: scopedKey('accrual') }), 200);
  return match;
}

export interface Upload {
  readonly number: string;
  readonly status: string;
  readonly accrual?: number;
}

/** Hands an order number in for its reward; the status tells whether that is news. */
export const upload = async ({ token }: Person, number: string): Promise<number> =>
  (await http.post('/api/user/orders', number, { token, headers: { 'content-type': 'text/plain' } })).status;

export const uploadsOf = async ({ token }: Person): Promise<readonly Upload[]> =>
  (await http.get<readonly Upload[] | undefined>('/api/user/orders', { token })).body ?? [];
