import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import { broken, busy, processed, startAccrualStandIn, unknown } from './accrual-stand-in.js';
import { customerAt, newCustomer, newNumber, type Customer } from './customer.js';
import type { Program } from './running-programs.js';
import { allProcessed, inTrouble } from './troubled-mart.js';

jest.setTimeout(240_000);
const world = inTrouble();

describe('started again', () => {
  it('it knows its customers, their tokens and what was taken back', async () => {
    await using first = await world.start();
    const customer = await newCustomer(first.url);
    const number = newNumber();
    await customer.upload(number);
    const revoked = await withSessionTakenBack(first, customer);
    await first.end('SIGTERM');

    await using second = await world.start();
    expect((await customerAt(second.url, customer.token).orders()).map((line) => line.number)).toEqual([number]);
    expect((await customerAt(second.url, revoked).http.get('/api/user/orders')).status).toBe(401);
  });
});

describe('two of them on one database', () => {
  it('are one Gophermart: each takes the other’s tokens, sees its orders and hears what it takes back', async () => {
    world.accrual.answer(processed(10));
    await using one = await world.start();
    await using two = await world.start();
    const nina = await newCustomer(one.url);
    const there = customerAt(two.url, nina.token);
    const numbers = Array.from({ length: 20 }, newNumber);
    const replies = await Promise.all(numbers.flatMap((number) => [nina.upload(number), there.upload(number)]));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(20).fill(200), ...Array(20).fill(202)]);
    await allProcessed(there, 20);
    const withdrawals = Array.from({ length: 21 }, (_, at) => (at % 2 === 0 ? nina : there).withdraw(10));
    expect((await Promise.all(withdrawals)).filter(({ status }) => status === 402)).toHaveLength(1);
    expect(await there.balance()).toEqual({ current: 0, withdrawn: 200 });

    const revoked = await withSessionTakenBack(one, nina);
    await eventually(
      async () => expect((await customerAt(two.url, revoked).http.get('/api/user/orders')).status).toBe(401),
      { within: 20_000 },
    );
  });
});

describe('an accrual system of somebody else', () => {
  it('that does not know a number, fails, and is too busy, is asked again until it answers', async () => {
    await using mart = await world.start();
    const customer = await newCustomer(mart.url);
    const number = newNumber();
    await customer.upload(number);
    for (const behaviour of [unknown, broken, busy]) {
      world.accrual.answer(behaviour);
      const asked = world.accrual.asked.length;
      await eventually(() => world.accrual.asked.length > asked, { within: 60_000 });
      expect((await customer.orders()).map(({ status }) => status)).toEqual(['NEW']);
    }
    world.accrual.answer(processed(729.98));
    await allProcessed(customer, 1);
    expect(await customer.balance()).toEqual({ current: 729.98, withdrawn: 0 });
  });

  it('that says when it will answer again is left alone until then, and then asked about everything', async () => {
    await using mart = await world.start();
    const customer = await newCustomer(mart.url);
    let refusedAt = 0;
    const tooEarly: number[] = [];
    world.accrual.answer((response, number) => {
      if (refusedAt === 0) {
        refusedAt = performance.now();
        return busy(response, number);
      }
      if (performance.now() < refusedAt + 1_000) tooEarly.push(performance.now() - refusedAt);
      processed(1)(response, number);
    });
    await customer.upload(newNumber());
    await eventually(() => refusedAt > 0, { within: 20_000 });
    for (let at = 0; at < 4; at += 1) await customer.upload(newNumber());
    await allProcessed(customer, 5);
    expect(tooEarly).toEqual([]);
  });

  it('that is away takes nothing with it: everything else answers', async () => {
    await world.accrual[Symbol.asyncDispose]();
    await using mart = await world.start();
    const customer = await newCustomer(mart.url);
    expect((await customer.upload(newNumber())).status).toBe(202);
    expect((await customer.orders()).map(({ status }) => status)).toEqual(['NEW']);
    world.accrual = await startAccrualStandIn();
  });
});

/** A token whose session was ended: past a hundred sessions the oldest gives way, and that is told like any other end. */
async function withSessionTakenBack(mart: Program, { http }: Customer): Promise<string> {
  const who = { login: randomUUID(), password: 'x' };
  await http.post('/api/user/register', who);
  const first = await mart.http.post<{ token: string }>('/api/user/login', who);
  const { sid } = JSON.parse(Buffer.from(first.body.token.split('.')[1] ?? '', 'base64url').toString()) as {
    sid: string;
  };
  for (let left = 100; left > 0; left -= 1) expect((await mart.http.post('/api/user/login', who)).status).toBe(200);
  const sessions = await world.database.sql`SELECT FROM identity.users WHERE sessions::text LIKE ${`%${sid}%`}`;
  expect(sessions).toEqual([]);
  expect((await customerAt(mart.url, first.body.token).http.get('/api/user/orders')).status).toBe(401);
  return first.body.token;
}
