import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { WebSocket, type RawData } from 'ws';

/** What a load generator needs of a shop: ours through its gateway, or the naive one. */
export interface Shop extends AsyncDisposable {
  /** Somebody new with more money than they can spend here. */
  customer(): Promise<Customer>;
}

export interface Customer extends AsyncDisposable {
  /** Places an order and answers with its id. */
  place(): Promise<string>;
  status(orderId: string): Promise<string>;
  /** From now on calls `onPaid` for each of their orders that becomes PAID. */
  watch(onPaid: (orderId: string) => void): Promise<void>;
}

export const ORDER_AMOUNT = 100;
const MONEY = 1_000_000_000;

/** Ours: registered, signed in, with an account that was topped up; every request through nginx. */
export function openShop(gateway: string, connections: number): Shop {
  const pool = new Pool(gateway, { connections, pipelining: 1 });
  const json = jsonOver(pool);

  return {
    async customer() {
      const login = `bench-${randomUUID()}`;
      const password = `${login}-password`;
      await json('POST', '/api/identity/v1/users', 201, {}, { login, password });
      const { accessToken } = await json<{ accessToken: string }>(
        'POST',
        '/api/identity/v1/sessions',
        200,
        {},
        { login, password },
      );
      const as = { authorization: `Bearer ${accessToken}` };
      const { id: accountId } = await json<{ id: string }>('POST', '/api/payments/v1/accounts', 201, as);
      await json('PATCH', `/api/payments/v1/accounts/${accountId}`, 204, as, { amount: MONEY });
      const protocols = ['gstore.v1', `bearer.${accessToken}`];
      return customerOf({
        place: async () => {
          const headers = { ...as, 'idempotency-key': randomUUID() };
          const body = { amount: ORDER_AMOUNT };
          return (await json<{ orderId: string }>('POST', '/api/orders/v1/orders', 201, headers, body)).orderId;
        },
        status: async (id) => (await json<{ status: string }>('GET', `/api/orders/v1/orders/${id}`, 200, as)).status,
        socket: () => new WebSocket(`${gateway.replace('http', 'ws')}/ws/orders/`, protocols),
      });
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

interface Ways {
  readonly place: Customer['place'];
  readonly status: Customer['status'];
  readonly socket: () => WebSocket;
}

export function customerOf({ place, status, socket }: Ways): Customer {
  let open: WebSocket | undefined;
  return {
    place,
    status,
    watch: (onPaid) =>
      new Promise((resolve, reject) => {
        open = socket();
        open.once('open', () => open?.send('{"type":"subscribe","scope":"mine"}'));
        open.on('error', reject);
        open.on('message', (data) => {
          const { type, data: about } = JSON.parse(textOf(data)) as Frame;
          if (type === 'subscribed') resolve();
          if (type === 'order.status.changed' && about.status === 'PAID' && about.orderId) onPaid(about.orderId);
          if (type === 'error') reject(new Error(JSON.stringify(about)));
        });
      }),
    async [Symbol.asyncDispose]() {
      if (open === undefined) return;
      const closed = new Promise((resolve) => open?.once('close', resolve));
      if (open.readyState === WebSocket.CLOSED) return;
      open.terminate();
      await closed;
    },
  };
}

interface Frame {
  readonly type: string;
  readonly data: { readonly orderId?: string; readonly status?: string };
}

const textOf = (data: RawData): string => (data as Buffer).toString();

/** @throws when the answer is another one than expected */
export const jsonOver =
  (pool: Pool) =>
  async <T,>(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    expected: number,
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<T> => {
    const answer = await pool.request({
      method,
      path,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== expected) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
