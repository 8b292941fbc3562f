import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolRefused } from '../verify/where.mts';
import { nextStep, people, type Person, type Status, type Wish } from './plan.mts';
import { expected, signIn, type Shop } from './shop.mts';
import { givePoints, handIn, makeRewards } from './sow-points.mts';

interface Order {
  readonly id: string;
  readonly status: Status;
  readonly cancellationReason?: string;
  readonly description?: string;
}

interface OrderList {
  readonly orders: readonly Order[];
  readonly nextCursor: string | null;
}

interface Account {
  readonly id: string;
  readonly version: number;
}

export const demoPassword = (login: string): string => `${login}-password`;

/** Whether somebody ordered what is not of the seed. */
export async function isLivedIn(gateway: string): Promise<boolean> {
  const staff = await signIn(gateway, 'staff', demoPassword('staff'));
  const known = new Set(people.flatMap(({ wishes }) => wishes.map(({ description }) => description)));
  const orders = await allOrders(staff, '/api/orders/v1/staff/orders?limit=100');
  return orders.some(({ description }) => description === undefined || !known.has(description));
}

/**
 * Gives the people of the demo their money and points, and brings each of their orders where the plan wants it.
 * What is there already is left as it is, so that a second run changes nothing and one that was cut short goes on.
 */
export async function sow(gateway: string, progress: (text: string) => void): Promise<void> {
  const staff = await signIn(gateway, 'staff', demoPassword('staff'));
  await makeRewards(staff);
  for (const person of people) {
    const shop = await signIn(gateway, person.login, demoPassword(person.login));
    const money = await giveMoney(shop, person);
    await givePoints(shop, staff, person);
    const states: string[] = [];
    const placed = await allOrders(shop, '/api/orders/v1/orders?limit=100');
    for (const wish of person.wishes) {
      const id = placed.find(({ description }) => description === wish.description)?.id ?? (await place(shop, wish));
      states.push(await bring(shop, staff, id, wish));
    }
    states.push(...(await handIn(shop, staff, person)));
    progress(`${person.login}: ${money}; ${states.join(', ')}`);
  }
}

async function allOrders(shop: Shop, path: string): Promise<readonly Order[]> {
  const found: Order[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const at: string = cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const page: OrderList = expected('the list of orders', await shop.ask<OrderList>('GET', at), 200);
    found.push(...page.orders);
    cursor = page.nextCursor;
  }
  return found;
}

/** An account that has moved once is the person's own: it is not topped up again. */
async function giveMoney(shop: Shop, { login, money }: Person): Promise<string> {
  if (money === undefined) return 'no account';
  expected(`${login} opens an account`, await shop.ask('POST', '/api/payments/v1/accounts'), 201, 409);
  const account = expected(`${login}'s account`, await shop.ask<Account>('GET', '/api/payments/v1/accounts/mine'), 200);
  if (account.version > 0) return 'an account, used';
  const path = `/api/payments/v1/accounts/${account.id}`;
  expected(`${login} tops up`, await shop.ask('PATCH', path, { amount: money }, `seed-${money}`), 204);
  return `an account with ${(money / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;
}

async function place(shop: Shop, { description, wanted }: Wish): Promise<string> {
  const body = { ...wanted, description };
  const key = `seed-${hash('sha256', JSON.stringify(body)).slice(0, 32)}`;
  const answer = await shop.ask<{ orderId: string }>('POST', '/api/orders/v1/orders', body, key);
  return expected(`order “${description}”`, answer, 201).orderId;
}

const patienceMs = 60_000;

async function bring(shop: Shop, staff: Shop, id: string, { description, goal }: Wish): Promise<string> {
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    const order = expected(`order “${description}”`, await shop.ask<Order>('GET', `/api/orders/v1/orders/${id}`), 200);
    const step = nextStep(order.status, order.cancellationReason, goal);
    switch (step.do) {
      case 'wait':
        await sleep(50);
        break;
      case 'advance':
        // 409: another hand was quicker; the next look tells.
        expected(
          description,
          await staff.ask('PATCH', `/api/orders/v1/staff/orders/${id}/status`, { status: step.to }),
          204,
          409,
        );
        break;
      case 'cancel': {
        const [by, path] = step.by === 'staff' ? [staff, 'staff/orders'] : [shop, 'orders'];
        const answer = await by.ask('POST', `/api/orders/v1/${path}/${id}/cancel`, { cancellationReason: step.reason });
        expected(description, answer, 204, 409);
        break;
      }
      case 'nothing':
        return step.arrived ? goal : `${order.cancellationReason ?? order.status} (left alone)`;
    }
  }
  throw new ToolRefused(
    `Order ${id} (“${description}”) has not come to ${goal} within ${patienceMs / 1_000} s: do payments and Kafka run?`,
  );
}
