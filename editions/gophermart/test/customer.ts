import { randomUUID } from 'node:crypto';
import { client } from '@g-store/testing';
import { withLuhnDigit } from '@g-store/values';

export const newNumber = (): string =>
  withLuhnDigit(String(BigInt(`0x${randomUUID().slice(0, 13).replace('-', '')}`) + 10_000_000_000n));

export interface Line {
  readonly number: string;
  readonly status: string;
  readonly accrual?: number;
  readonly uploaded_at: string;
}

export interface Balance {
  readonly current: number;
  readonly withdrawn: number;
}

export interface Withdrawn {
  readonly order: string;
  readonly sum: number;
  readonly processed_at: string;
}

const text = { 'content-type': 'text/plain' };

/** What a signed-in customer does, wherever Gophermart runs. */
export function customerAt(url: string, token: string) {
  const http = client(url, { token });
  return {
    token,
    http,
    upload: (number: string) =>
      client(url).post('/api/user/orders', number, { headers: { ...text, ...bearer(token) } }),
    orders: async () => (await http.get<Line[] | undefined>('/api/user/orders')).body ?? [],
    balance: async () => (await http.get<Balance>('/api/user/balance')).body,
    withdraw: (sum: number, order = newNumber(), idempotencyKey: string = randomUUID()) =>
      http.post('/api/user/balance/withdraw', { order, sum }, { token, idempotencyKey }),
    withdrawals: async () => (await http.get<Withdrawn[] | undefined>('/api/user/withdrawals')).body ?? [],
  };
}

export type Customer = ReturnType<typeof customerAt>;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Somebody new, who is signed in by registering. */
export async function newCustomer(url: string): Promise<Customer> {
  const reply = await client(url).post<{ token: string }>('/api/user/register', { login: randomUUID(), password: 'x' });
  expect(reply.status).toBe(200);
  return customerAt(url, reply.body.token);
}
