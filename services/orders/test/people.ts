import { randomUUID } from 'node:crypto';
import { PaymentEvent, type PaymentProcessed } from '@g-store/contracts';
import { eventually, type HttpReply } from '@g-store/testing';
import type { Shop } from './shop.js';

export interface OrderBody {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly allowedActions: readonly string[];
  readonly [field: string]: unknown;
}

export interface ListBody {
  readonly orders: readonly OrderBody[];
  readonly total: number;
  readonly page: number;
  readonly limit: number;
  readonly nextCursor: string | null;
}

export interface HistoryBody {
  readonly entries: readonly { readonly status: string; readonly actor: string; readonly version: number }[];
}

/** What a refused caller is told. */
export function refusal({ status, body }: HttpReply<unknown>) {
  const { code, error } = body as { readonly code: string; readonly error: string };
  return { status, code, error };
}

export interface Customer {
  readonly userId: string;
  readonly token: string;
}

export function someone(shop: Shop): Customer {
  const userId = randomUUID();
  return { userId, token: shop.tokens.issue({ sub: userId }) };
}

export async function placed(shop: Shop, token: string, body: object = { amount: 500 }): Promise<string> {
  const reply = await shop.http.post<{ orderId: string }>('/v1/orders', body, { token });
  expect(reply.status).toBe(201);
  return reply.body.orderId;
}

export async function read(shop: Shop, id: string, token: string): Promise<OrderBody> {
  return (await shop.http.get<OrderBody>(`/v1/orders/${id}`, { token })).body;
}

/** What payments tells about an order. */
export const pay = (shop: Shop, orderId: string, owner: string, outcome: Partial<PaymentProcessed> = {}) =>
  shop.tell(PaymentEvent, {
    key: orderId,
    owner,
    version: 1,
    case: 'processed',
    value: { orderId, status: 'SUCCESS', amount: 500n, ...outcome },
  });

/** An order of this customer that has come as far as this. */
export async function inStatus(shop: Shop, status: string, { userId, token }: Customer): Promise<string> {
  const id = await placed(shop, token);
  if (status === 'CANCELLED') await shop.http.post(`/v1/orders/${id}/cancel`, undefined, { token });
  if (status === 'PENDING' || status === 'CANCELLED') return id;
  await pay(shop, id, userId);
  await eventually(async () => expect((await read(shop, id, token)).status).toBe('PAID'));
  const steps = ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];
  for (const step of steps.slice(0, steps.indexOf(status) + 1)) {
    const { staffKey } = shop;
    const reply = await shop.http.patch(`/v1/staff/orders/${id}/status`, { status: step }, { staffKey });
    expect(reply.status).toBe(204);
  }
  return id;
}
