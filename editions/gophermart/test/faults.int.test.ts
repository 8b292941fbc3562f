import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, eventually, type TestDatabase } from '@g-store/testing';
import { broken, busy, processed, startAccrualStandIn, unknown, type AccrualStandIn } from './accrual-stand-in.js';
import { customerAt, newCustomer, newNumber, type Customer } from './customer.js';
import { start, type Program } from './running-programs.js';

jest.setTimeout(240_000);

let database: TestDatabase;
let accrual: AccrualStandIn;
beforeEach(async () => {
  [database, accrual] = await Promise.all([createDatabase(), startAccrualStandIn()]);
});
afterEach(async () => {
  expect(await wrongs()).toEqual([]);
  await accrual[Symbol.asyncDispose]();
  await database.drop();
});

const startMart = (failpoints?: string): Promise<Program> =>
  start('gophermart', {
    env: {
      DATABASE_URI: database.ownerUrl,
      ACCRUAL_SYSTEM_ADDRESS: accrual.url,
      ...(failpoints !== undefined && { GSTORE_FAILPOINTS: 'on', FAILPOINTS: failpoints }),
    },
  });

/** What may never be: a balance that is not what its events say, a reward that is credited twice, anything parked. */
const wrongs = () => database.sql`
  SELECT 'balance' AS wrong, account_id::text AS what FROM points.points_account a
  WHERE balance < 0 OR balance <> (SELECT coalesce(sum(change), 0) FROM points.points_events e WHERE e.account_id = a.account_id)
  UNION ALL
  SELECT 'rewarded twice', cause FROM points.points_events WHERE kind = 'earned' GROUP BY cause HAVING count(*) > 1
  UNION ALL
  SELECT 'reward and upload differ', number FROM points.upload u
  WHERE status = 'PROCESSED' AND accrual IS DISTINCT FROM
    (SELECT change FROM points.points_events e WHERE e.kind = 'earned' AND e.cause = u.number)
  UNION ALL
  SELECT 'parked', key FROM points.parked`;

const allProcessed = (customer: Customer, count: number) =>
  eventually(
    async () => {
      const orders = await customer.orders();
      expect(orders.filter(({ status }) => status === 'PROCESSED')).toHaveLength(count);
    },
    { within: 90_000, every: 200 },
  );

/** Asks until somebody answers: what is repeated is the same request. */
const answered = (ask: () => Promise<{ status: number }>): Promise<number> =>
  eventually(
    async () => {
      const { status } = await ask();
      expect(status).toBeLessThan(500);
      return status;
    },
    { within: 90_000, every: 50 },
  );

describe('killed', () => {
  it('again and again while customers upload and withdraw, it loses and doubles nothing', async () => {
    accrual.answer(processed(10));
    let mart = await startMart();
    const { token } = await newCustomer(mart.url);
    const customer = () => customerAt(mart.url, token);
    const numbers = Array.from({ length: 60 }, newNumber);
    const keys = Array.from({ length: 30 }, () => ({ key: randomUUID(), order: newNumber() }));

    let done = false;
    const uploading = (async () => {
      for (const number of numbers) expect([200, 202]).toContain(await answered(() => customer().upload(number)));
    })();
    const withdrawing = (async () => {
      for (const { key, order } of keys) {
        // A refusal is kept with its key as well, so there have to be points before one asks.
        await eventually(async () => (await customer().balance()).current >= 2, { within: 90_000, every: 50 });
        expect(await answered(() => customer().withdraw(2, order, key))).toBe(200);
      }
    })();
    const killing = (async () => {
      // At moments that are far from even: in the start, between requests, in the middle of them.
      for (let round = 0; !done || round < 4; round += 1) {
        await pause(150 + 370 * (round % 4));
        await mart.end('SIGKILL');
        mart = await startMart();
      }
    })();
    await Promise.all([uploading, withdrawing]);
    done = true;
    await killing;

    await allProcessed(customer(), numbers.length);
    expect((await customer().orders()).map(({ number }) => number).sort()).toEqual([...numbers].sort());
    const withdrawals = await customer().withdrawals();
    expect(withdrawals.map(({ order }) => order).sort()).toEqual(keys.map(({ order }) => order).sort());
    expect(await customer().balance()).toEqual({ current: 540, withdrawn: 60 });
    await mart.end('SIGKILL');
  });

  it.each([
    'work-before-commit',
    'work-after-commit',
    'relay-before-tick',
    'relay-after-tick',
    'relay-before-append',
    'relay-after-append',
  ])('at %s, it goes on as if nothing had been', async (failpoint) => {
    accrual.answer(processed(10));
    await using before = await startMart();
    const { token, upload } = await newCustomer(before.url);
    await upload(newNumber());
    await allProcessed(customerAt(before.url, token), 1);
    await before.end('SIGTERM');

    const [order, key, number] = [newNumber(), randomUUID(), newNumber()];
    await using breaking = await startMart(`${failpoint}=exit`);
    const there = customerAt(breaking.url, token);
    await Promise.allSettled([there.withdraw(4, order, key), there.upload(number)]);
    expect((await breaking.end()).code).toBe(137);

    await using after = await startMart();
    const customer = customerAt(after.url, token);
    expect((await customer.withdraw(4, order, key)).status).toBe(200);
    expect([200, 202]).toContain((await customer.upload(number)).status);
    await allProcessed(customer, 2);
    expect(await customer.withdrawals()).toMatchObject([{ order, sum: 4 }]);
    expect(await customer.balance()).toEqual({ current: 16, withdrawn: 4 });
  });
});

describe('started again', () => {
  it('it knows its customers, their tokens and what was taken back', async () => {
    await using first = await startMart();
    const customer = await newCustomer(first.url);
    const number = newNumber();
    await customer.upload(number);
    const revoked = await withSessionTakenBack(first, customer);
    await first.end('SIGTERM');

    await using second = await startMart();
    expect((await customerAt(second.url, customer.token).orders()).map((line) => line.number)).toEqual([number]);
    expect((await customerAt(second.url, revoked).http.get('/api/user/orders')).status).toBe(401);
  });
});

describe('two of them on one database', () => {
  it('are one Gophermart: each takes the other’s tokens, sees its orders and hears what it takes back', async () => {
    accrual.answer(processed(10));
    await using one = await startMart();
    await using two = await startMart();
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
    await using mart = await startMart();
    const customer = await newCustomer(mart.url);
    const number = newNumber();
    await customer.upload(number);
    for (const behaviour of [unknown, broken, busy]) {
      accrual.answer(behaviour);
      const asked = accrual.asked.length;
      await eventually(() => accrual.asked.length > asked, { within: 60_000 });
      expect((await customer.orders()).map(({ status }) => status)).toEqual(['NEW']);
    }
    accrual.answer(processed(729.98));
    await allProcessed(customer, 1);
    expect(await customer.balance()).toEqual({ current: 729.98, withdrawn: 0 });
  });

  it('that says when it will answer again is left alone until then, and then asked about everything', async () => {
    await using mart = await startMart();
    const customer = await newCustomer(mart.url);
    let refusedAt = 0;
    const tooEarly: number[] = [];
    accrual.answer((response, number) => {
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
    await accrual[Symbol.asyncDispose]();
    await using mart = await startMart();
    const customer = await newCustomer(mart.url);
    expect((await customer.upload(newNumber())).status).toBe(202);
    expect((await customer.orders()).map(({ status }) => status)).toEqual(['NEW']);
    accrual = await startAccrualStandIn();
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
  const sessions = await database.sql`SELECT FROM identity.users WHERE sessions::text LIKE ${`%${sid}%`}`;
  expect(sessions).toEqual([]);
  expect((await customerAt(mart.url, first.body.token).http.get('/api/user/orders')).status).toBe(401);
  return first.body.token;
}
