import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@g-store/testing';
import { processed } from './accrual-stand-in.js';
import { customerAt, newCustomer, newNumber } from './customer.js';
import { allProcessed, inTrouble } from './troubled-mart.js';

jest.setTimeout(240_000);
const world = inTrouble();

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
    world.accrual.answer(processed(10));
    let mart = await world.start();
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
        mart = await world.start();
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
    world.accrual.answer(processed(10));
    await using before = await world.start();
    const { token, upload } = await newCustomer(before.url);
    await upload(newNumber());
    await allProcessed(customerAt(before.url, token), 1);
    await before.end('SIGTERM');

    const [order, key, number] = [newNumber(), randomUUID(), newNumber()];
    await using breaking = await world.start(`${failpoint}=exit`);
    const there = customerAt(breaking.url, token);
    await Promise.allSettled([there.withdraw(4, order, key), there.upload(number)]);
    expect((await breaking.end()).code).toBe(137);

    await using after = await world.start();
    const customer = customerAt(after.url, token);
    expect((await customer.withdraw(4, order, key)).status).toBe(200);
    expect([200, 202]).toContain((await customer.upload(number)).status);
    await allProcessed(customer, 2);
    expect(await customer.withdrawals()).toMatchObject([{ order, sum: 4 }]);
    expect(await customer.balance()).toEqual({ current: 16, withdrawn: 4 });
  });
});
