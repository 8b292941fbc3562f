import type { Page } from 'playwright-core';
import { eventually } from '@g-store/testing';
import { becomes, customer, move, placeOrder } from '../shop';
import { inBrowser, seesStep } from './browser';
import { feedOf } from './feed';

jest.setTimeout(180_000);
const { open } = inBrowser();

const ids = Array.from({ length: 20 }, (_, index) => `0190c5f0-0000-7000-8000-0000000000${String(index + 10)}`);
const orderOf = (id: string, index: number) => ({
  id,
  number: `10000000000${index + 10}`,
  userId: 'anna',
  amount: 1_000,
  currency: 'RUB',
  status: 'PAID',
  items: [],
  points: { spent: 0, earned: 0 },
  version: 2,
  createdAt: '2026-11-06T12:00:00Z',
  updatedAt: '2026-11-06T12:00:00Z',
  allowedActions: ['cancel'],
});
const changed = (orderId: string | undefined, version: number, status: string) => ({
  type: 'order.status.changed',
  data: { orderId, status, version, at: '2026-11-06T12:00:01Z' },
});
const passing = ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING'] as const;

/** A list of twenty orders, and a feed of a test's own. */
async function listOfTwenty() {
  const feeds: Awaited<ReturnType<typeof feedOf>>[] = [];
  const page = await open({
    as: await customer(0),
    at: '/orders',
    before: async (fresh) => {
      feeds.push(await feedOf(fresh));
      const list = { orders: ids.map(orderOf), total: 20, page: 1, limit: 20, nextCursor: null };
      await fresh.route('**/api/orders/v1/orders?*', (route) => route.fulfill({ json: list }));
    },
  });
  await page.getByRole('main').getByText('Paid', { exact: true }).nth(19).waitFor();
  await page.waitForLoadState('networkidle');
  const [feed] = feeds;
  if (feed === undefined) throw new Error('the page was not opened');
  return { page, feed };
}

/** Counts the frames in which anything in the main part of the page has changed. */
const countPaints = (page: Page) =>
  page.evaluate(() => {
    const counter = { paints: 0, since: performance.now() };
    Object.assign(globalThis, { counter });
    let counted = false;
    new MutationObserver(() => {
      if (counted) return;
      counted = true;
      counter.paints += 1;
      requestAnimationFrame(() => (counted = false));
    }).observe(document.querySelector('main') ?? document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
const paintsPerSecond = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { paints, since } = (globalThis as unknown as { counter: { paints: number; since: number } }).counter;
    // Between n paints there are n - 1 rests.
    return (paints - 1) / ((performance.now() - since) / 1_000);
  });

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

describe('changes faster than anybody can read', () => {
  it('1,000 a second for 10 s are painted at most five times a second, and no final state is lost', async () => {
    const { page, feed } = await listOfTwenty();
    await countPaints(page);
    let version = 2;
    const started = performance.now();
    // 200 tenths of a tenth: as many as are due by now, so that a slow machine sends no fewer.
    for (let sent = 0; sent < 10_000;) {
      const due = Math.min(10_000, Math.ceil(performance.now() - started));
      const burst = [];
      for (; sent < due; sent += 1) {
        if (sent % 20 === 0) version += 1;
        burst.push(changed(ids[sent % 20], version, passing[version % 3] ?? 'ASSEMBLING'));
      }
      feed.tell(...burst);
      await new Promise((resolve) => setImmediate(resolve));
    }
    feed.tell(...ids.map((id, index) => changed(id, version + 1, index % 2 === 0 ? 'ISSUED' : 'DELIVERING')));
    await eventually(
      async () => {
        const rows = page.getByRole('main').getByRole('listitem');
        expect(await rows.getByText('Handed over', { exact: true }).count()).toBe(10);
        expect(await rows.getByText('On its way', { exact: true }).count()).toBe(10);
      },
      { within: 60_000, every: 100 },
    );
    expect(await paintsPerSecond(page)).toBeLessThanOrEqual(5);
  });

  it('10,000 of them leave the memory as it was', async () => {
    const { page, feed } = await listOfTwenty();
    let version = 2;
    const tell = async (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        version += 1;
        feed.tell(...ids.map((id) => changed(id, version, passing[version % 3] ?? 'ASSEMBLING')));
      }
      const last = { ASSEMBLING: 'Being assembled', ASSEMBLED: 'Ready to go', DELIVERING: 'On its way' };
      const shown = last[passing[version % 3] ?? 'ASSEMBLING'];
      await page.getByRole('main').getByText(shown, { exact: true }).nth(19).waitFor({ timeout: 60_000 });
    };
    await tell(250);
    const before = await heapOf(page);
    await tell(500);
    const after = await heapOf(page);
    process.stdout.write(`heap: ${before} B, after 10,000 more changes ${after} B\n`);
    expect(after).toBeLessThan(before * 1.15);
  });
});

describe('the connection', () => {
  it('that was away brings what was missed, and says how much', async () => {
    const anna = await customer(10_000);
    const id = await placeOrder(anna, 1_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: anna, at: `/orders/${id}`, complaints: /ERR_INTERNET_DISCONNECTED|WebSocket/ });
    await seesStep(page, 'Paid');
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('pageshow')));
    await page.getByText('The connection is lost.').waitFor({ timeout: 60_000 });
    await move(id, 'ASSEMBLING', 'ASSEMBLED');
    await page.context().setOffline(false);
    await seesStep(page, 'Assembled');
    await page
      .getByText(/^Back online, \d+ updates? applied\.$/)
      .first()
      .waitFor();
    await page.getByText('The connection is lost.').waitFor({ state: 'hidden' });
  });

  it('where a proxy lets no socket through, the page asks every few seconds', async () => {
    const anna = await customer(10_000);
    const id = await placeOrder(anna, 1_000);
    await becomes(anna, id, 'PAID');
    const page = await open({
      as: anna,
      at: `/orders/${id}`,
      complaints: /WebSocket/,
      before: (fresh) => fresh.routeWebSocket(/\/ws\//, (socket) => socket.close({ code: 1006 })),
    });
    await page.getByText('Live news cannot get through here').waitFor({ timeout: 60_000 });
    await move(id, 'ASSEMBLING');
    await seesStep(page, 'Assembling');
  });

  it('a message that is none ends it; another one is opened', async () => {
    const { page, feed } = await listOfTwenty();
    const before = feed.sockets;
    feed.tell({ nothing: 'of ours' });
    await eventually(() => feed.sockets > before, { within: 30_000, every: 50 });
    // Again and again, each time newer: what the page reads anew after the break knows of none of it.
    let version = 2;
    await eventually(
      async () => {
        feed.tell(changed(ids[0], (version += 1), 'ASSEMBLING'));
        expect(await page.getByRole('main').getByText('Being assembled', { exact: true }).count()).toBe(1);
      },
      { within: 30_000, every: 250 },
    );
  });
});
