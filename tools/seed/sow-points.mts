import { setTimeout as sleep } from 'node:timers/promises';
import { ToolRefused } from '../verify/where.mts';
import { rewards, type Person, type Receipt } from './plan.mts';
import { expected, type Shop } from './shop.mts';

/** Says what goods are rewarded with; a rule that is there already stays as it is. */
export async function makeRewards(staff: Shop): Promise<void> {
  for (const rule of rewards)
    expected(`the reward for ${rule.match}`, await staff.ask('POST', '/api/accrual/api/goods', rule), 200, 409);
}

const REASON = 'a gift of the demo';

/** Gives a person's points once, however much else has happened to them since. */
export async function givePoints(shop: Shop, staff: Shop, { login, points }: Person): Promise<void> {
  if (points === undefined) return;
  const path = '/api/points/v1/accounts/mine';
  const { id } = expected(`${login}'s points`, await shop.ask<{ id: string }>('GET', path), 200);
  const { entries } = expected(
    `${login}'s points`,
    await shop.ask<{ entries: readonly { reason?: string }[] }>('GET', `${path}/entries?limit=100`),
    200,
  );
  if (entries.some(({ reason }) => reason === REASON)) return;
  const body = { amount: points, reason: REASON };
  const answer = await staff.ask('POST', `/api/points/v1/accounts/${id}/adjustments`, body, `seed-${login}-${points}`);
  expected(`points for ${login}`, answer, 201);
}

/** Hands in a person's receipts and waits until each is where the plan wants it; withdraws what they withdraw, once. */
export async function handIn(shop: Shop, staff: Shop, { login, receipts = [], withdrawal }: Person): Promise<string[]> {
  for (const { number, goods } of receipts) {
    const path = '/api/accrual/api/orders';
    if (goods) expected(`receipt ${number}`, await staff.ask('POST', path, { order: number, goods }), 202, 409);
    expected(`receipt ${number}`, await shop.ask('POST', '/api/user/orders', { orderId: number }), 202, 200);
  }
  const states: string[] = [];
  for (const receipt of receipts) states.push(`receipt ${await untilDecided(shop, receipt)}`);
  if (withdrawal === undefined) return states;
  const path = '/api/user/withdrawals';
  const drawn = expected(path, await shop.ask<readonly { order: string }[] | undefined>('GET', path), 200, 204) ?? [];
  if (!drawn.some(({ order }) => order === withdrawal.order))
    expected(`${login} withdraws`, await shop.ask('POST', '/api/user/balance/withdraw', withdrawal), 200);
  return [...states, `${withdrawal.sum} points withdrawn`];
}

const patienceMs = 60_000;

async function untilDecided(shop: Shop, { number, goal }: Receipt): Promise<string> {
  type Lines = readonly { readonly number: string; readonly status: string }[];
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(50)) {
    const lines = expected('receipts', await shop.ask<Lines | undefined>('GET', '/api/user/orders'), 200, 204) ?? [];
    if (lines.find((line) => line.number === number)?.status === goal) return goal;
  }
  throw new ToolRefused(
    `Receipt ${number} has not come to ${goal} within ${patienceMs / 1_000} s: do points and accrual run?`,
  );
}
