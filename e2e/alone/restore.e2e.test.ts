import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@g-store/testing';
import {
  balanceBecomes,
  balanceOf,
  becomes,
  customer,
  expectStatus,
  givePoints,
  http,
  placeOrder,
  type Person,
} from '../shop';
import { forgetRecordsByHand, stack, stackWith, verify } from '../stack';

// docs/runbooks/restore.md, as it stands there.
jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), 'gstore-backup-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack('up', '--no-seed');
  await verify();
});

async function backup(name: string): Promise<string> {
  const FILE = join(folder, name);
  await stackWith({ FILE }, 'backup');
  return FILE;
}

/** Somebody with money and points. */
async function newCustomer(): Promise<Person> {
  const somebody = await customer(100_000);
  await givePoints(somebody.id, 10_000);
  return somebody;
}

async function paidOrder(somebody: Person, amount: number): Promise<string> {
  const id = await placeOrder(somebody, { amount, pointsToSpend: 10 });
  await becomes(somebody, id, 'PAID');
  return id;
}

/** What the notification centre tells somebody of an order, oldest first. */
async function newsOf(somebody: Person, orderId: string): Promise<readonly string[]> {
  const path = '/api/notifications/v1/notifications?limit=100';
  const { notifications } = expectStatus(await http.get<{ notifications: readonly object[] }>(path, somebody), 200);
  const texts = notifications.map((each) => JSON.stringify({ ...each, id: undefined }));
  return texts.filter((text) => text.includes(orderId)).reverse();
}

describe('a backup', () => {
  it('holds every database, and is for its owner alone', async () => {
    const file = await backup('all.tar');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(stackWith({ FILE: join(folder, 'none.tar') }, 'restore')).rejects.toThrow(
      'write the file of a backup',
    );
    await expect(stackWith({ FILE: file, DATABASE: 'cellar' }, 'restore')).rejects.toThrow('there is no such database');
  });

  it('gives one database back, whose service then hears again what it has missed', async () => {
    const anna = await newCustomer();
    const before = await paidOrder(anna, 100);
    const file = await backup('one.tar');
    const after = await paidOrder(anna, 200);
    // Placed, money taken, points taken, PAID.
    const told = await eventually(async () => {
      const news = await Promise.all([newsOf(anna, before), newsOf(anna, after)]);
      expect(news.map(({ length }) => length)).toEqual([4, 4]);
      return news;
    });

    await stackWith({ FILE: file, DATABASE: 'notifications' }, 'restore');
    await eventually(async () => expect(await Promise.all([newsOf(anna, before), newsOf(anna, after)])).toEqual(told), {
      within: 60_000,
    });
    await verify();
  });

  it('gives the whole shop back as it was, and it goes on from there', async () => {
    const anna = await newCustomer();
    const before = await paidOrder(anna, 100);
    const file = await backup('whole.tar');
    const lost = await paidOrder(anna, 200);

    await stackWith({ FILE: file }, 'restore');
    forgetRecordsByHand();
    expect((await http.get(`/api/orders/v1/orders/${lost}`, anna)).status).toBe(404);
    await becomes(anna, before, 'PAID');
    await balanceBecomes(anna, 99_910);
    await paidOrder(anna, 300);
    expect(await balanceOf(anna)).toBe(99_620);
    await verify();
  });
});
