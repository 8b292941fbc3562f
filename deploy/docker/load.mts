import { setTimeout as sleep } from 'node:timers/promises';
import { expected, shopAt, signIn, type Shop } from '../../tools/seed/shop.mts';

export interface Load {
  readonly gateway: string;
  /** Orders a second. */
  readonly rate: number;
  readonly seconds: number;
}

const customers = 10;
const patience = 30_000;

/** Places orders at an even rate, whatever the answers take, and says how long placing and being PAID took. */
export async function load({ gateway, rate, seconds }: Load): Promise<string> {
  const shops = await Promise.all(Array.from({ length: customers }, () => newCustomer(gateway)));
  const due = Array.from({ length: rate * seconds }, (_, index) => (index * 1_000) / rate);
  const began = performance.now();
  const journeys = await Promise.all(
    due.map(async (at, index) => {
      await sleep(at);
      return order(shops[index % customers] as Shop);
    }),
  );
  const took = (performance.now() - began) / 1_000;
  const paid = journeys.filter(({ status }) => status === 'PAID');
  const perSecond = (journeys.length / took).toFixed(1);
  return [
    `load: ${journeys.length} orders in ${took.toFixed(1)} s (${perSecond}/s, wanted ${rate}/s), ${paid.length} paid`,
    `  placed: ${percentiles(journeys.map(({ placed }) => placed))}`,
    `  paid:   ${percentiles(paid.map(({ settled }) => settled))}`,
  ].join('\n');
}

async function newCustomer(gateway: string): Promise<Shop> {
  const login = `load-${crypto.randomUUID()}`;
  const password = crypto.randomUUID();
  const person = { login, password };
  expected('register', await shopAt(gateway).ask('POST', '/api/identity/v1/users', person), 201);
  const shop = await signIn(gateway, login, password);
  const account = await shop.ask<{ id: string }>('POST', '/api/payments/v1/accounts');
  const { id } = expected('open an account', account, 201);
  expected('top up', await shop.ask('PATCH', `/api/payments/v1/accounts/${id}`, { amount: 1_000_000_000 }), 204);
  return shop;
}

interface Journey {
  readonly status: string;
  readonly placed: number;
  readonly settled: number;
}

async function order(shop: Shop): Promise<Journey> {
  const began = performance.now();
  const since = () => performance.now() - began;
  const { orderId } = expected(
    'place',
    await shop.ask<{ orderId: string }>('POST', '/api/orders/v1/orders', { amount: 100 }, crypto.randomUUID()),
    201,
  );
  const placed = since();
  for (;;) {
    const answer = await shop.ask<{ status: string }>('GET', `/api/orders/v1/orders/${orderId}`);
    const { status } = expected('look', answer, 200);
    if (status !== 'PENDING' || since() > patience) return { status, placed, settled: since() };
    await sleep(50);
  }
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => `${(sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0)} ms`;
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, at most ${at(1)}`;
}
