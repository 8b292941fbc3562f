import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import {
  balanceOf,
  becomes,
  customer,
  expectStatus,
  http,
  person,
  placeOrder,
  signIn,
  type Order,
  type Person,
} from '../shop';
import { inBrowser, seesEntry, seesStep } from './browser';

jest.setTimeout(120_000);
const { open, openTab } = inBrowser();

const teapot = 'Cast-iron teapot with strainer';
const ordersOf = async ({ token }: Person): Promise<readonly Order[]> =>
  expectStatus(await http.get<{ orders: Order[] }>('/api/orders/v1/orders', { token }), 200).orders;
const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ type: `/problems/${code}`, title: code, status, code, detail: code, ...more }),
});
const posts = '**/api/orders/v1/orders';
const place = (page: Page) => page.getByRole('button', { name: 'Place the order' });

describe('an order is placed once', () => {
  it('by a double click', async () => {
    const anna = await customer(1_000_000);
    const page = await open({ as: anna });
    await page.getByRole('button', { name: `Add: ${teapot}` }).click();
    await place(page).dblclick();
    await seesStep(page, 'Paid');
    expect(await ordersOf(anna)).toHaveLength(1);
  });

  it('when its answer was lost and it is sent again', async () => {
    const anna = await customer(1_000_000);
    const page = await open({ as: anna });
    await page.getByRole('button', { name: `Add: ${teapot}` }).click();
    const keys: (string | undefined)[] = [];
    await page.route(posts, async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.fallback();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await place(page).click();
    await seesStep(page, 'Paid');
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect(await ordersOf(anna)).toHaveLength(1);
  });

  it('by somebody who goes back after it', async () => {
    const anna = await customer(1_000_000);
    const page = await open({ as: anna });
    await page.getByRole('button', { name: `Add: ${teapot}` }).click();
    await place(page).click();
    await seesStep(page, 'Paid');
    await page.goBack();
    await page.getByText('Nothing chosen yet.').waitFor();
    await page.goForward();
    await seesStep(page, 'Paid');
    expect(await ordersOf(anna)).toHaveLength(1);
  });
});

describe('two tabs', () => {
  it('show the same at any time', async () => {
    const anna = await customer(50_000);
    const id = await placeOrder(anna, 1_000);
    await becomes(anna, id, 'PAID');
    const first = await open({ as: anna, at: `/orders/${id}` });
    const second = await openTab(first, `/orders/${id}`);
    await first.getByRole('button', { name: 'Cancel' }).click();
    await first.getByRole('button', { name: 'Cancel the order' }).click();
    await second.getByText('You cancelled this order').first().waitFor();
  });
});

describe('the shop says no', () => {
  it('429: counts down to when it may be tried again, and keeps what was chosen', async () => {
    const page = await open({ as: await customer(1_000_000) });
    await page.getByRole('button', { name: `Add: ${teapot}` }).click();
    await page.route(posts, (route) =>
      route.request().method() === 'POST'
        ? route.fulfill(problem(429, 'rate_limited', {}, { 'retry-after': '30' }))
        : route.fallback(),
    );
    await place(page).click();
    const again = page.getByRole('button', { name: /^Try again in \d+ s$/ });
    await again.waitFor();
    expect(await again.isDisabled()).toBe(true);
    expect(await page.getByRole('textbox', { name: `Quantity: ${teapot}` }).inputValue()).toBe('1');
  });

  it('503: says that nothing is lost, and trying again places it', async () => {
    const anna = await customer(1_000_000);
    const page = await open({ as: anna });
    await page.getByRole('button', { name: `Add: ${teapot}` }).click();
    let away = true;
    await page.route(posts, (route) =>
      away && route.request().method() === 'POST' ? route.fulfill(problem(503, 'unavailable')) : route.fallback(),
    );
    await place(page).click();
    await page.getByText('This part of the shop is not there right now').waitFor({ timeout: 40_000 });
    away = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await seesStep(page, 'Paid');
    expect(await ordersOf(anna)).toHaveLength(1);
  });

  it('a list that cannot be had says so, and is there after another try', async () => {
    let away = true;
    const page = await open({
      as: await customer(12_345),
      at: '/wallet',
      before: (fresh) =>
        fresh.route('**/api/payments/**', (route) =>
          away ? route.fulfill(problem(500, 'internal_error', { traceId: 'abc123' })) : route.fallback(),
        ),
    });
    await page.getByRole('alert').getByText('Something went wrong on our side').waitFor();
    await page.getByText('abc123').waitFor();
    away = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('₽123.45').first().waitFor();
  });

  it('what is wrong with a field stands at the field, and its text is kept', async () => {
    const page = await open({ as: await customer(0), at: '/wallet' });
    const field = page.getByLabel('Amount in RUB');
    const send = page.getByRole('button', { name: 'Top up' });
    for (const [typed, said] of [
      ['1,234', 'Write an amount such as 12.50.'],
      ['0', 'It must be more than 0.'],
      ['10000000000.01', 'At most ₽10,000,000,000.00.'],
      ['12.345', 'Write an amount such as 12.50.'],
    ] as const) {
      await field.fill(typed);
      await send.click();
      await page.getByText(said).waitFor();
      expect([await field.inputValue(), await field.getAttribute('aria-invalid')]).toEqual([typed, 'true']);
    }
    await page.route('**/api/payments/v1/accounts/*', (route) =>
      route.request().method() === 'PATCH'
        ? route.fulfill(
            problem(400, 'validation_failed', { errors: [{ pointer: '/amount', detail: 'not on a Sunday' }] }),
          )
        : route.fallback(),
    );
    await field.fill('12.34');
    await send.click();
    await page.getByText('not on a Sunday').waitFor();
    expect([await field.inputValue(), await field.getAttribute('aria-invalid')]).toEqual(['12.34', 'true']);
  });
});

describe('what is unusual', () => {
  it('the largest amounts are shown to the last digit', async () => {
    const anna = await customer(0);
    const page = await open({ as: anna, at: '/wallet' });
    await page.getByLabel('Amount in RUB').fill('10000000000');
    await page.keyboard.press('Enter');
    await seesEntry(page, 'Top-up', '₽10,000,000,000.00');
    await page.getByLabel('Amount in RUB').fill('0.01');
    await page.keyboard.press('Enter');
    await seesEntry(page, 'Top-up', '₽10,000,000,000.01');
    expect(await balanceOf(anna)).toBe(1_000_000_000_001);
    await page.goto('/?plain=true');
    await page.getByLabel('Amount in RUB').fill('10000000000');
    await place(page).click();
    await seesStep(page, 'Paid');
  });

  it.each([
    ['very long', 'x'.repeat(100)],
    ['from right to left', 'مريم بنت عبد الله'],
    ['of emoji', '👩🏽‍🚀🫖🏳️‍🌈'],
  ])('a name that is %s breaks no screen', async (_what, name) => {
    const login = `n-${randomUUID()}`;
    expectStatus(await http.post('/api/identity/v1/users', { login, password: `${login}-password`, name }), 201);
    const token = await signIn(login, `${login}-password`);
    await http.post('/api/payments/v1/accounts', undefined, { token });
    const description = `${name} ${name}`.slice(0, 150);
    const { orderId } = expectStatus(
      await http.post<{ orderId: string }>('/api/orders/v1/orders', { amount: 100, description }, { token }),
      201,
    );
    const page = await open({ as: { login }, at: '/orders', viewport: { width: 320, height: 700 } });
    await page.getByRole('main').getByText(description).waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByText(`Signed in as ${name}`).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.goto(`/orders/${orderId}`);
    await page.getByRole('cell', { name: description }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it.each([-1, 1])('a clock that is wrong by %d hours: an order is placed and paid all the same', async (hours) => {
    const page = await open({
      as: await customer(1_000_000),
      before: (fresh) => fresh.clock.setSystemTime(new Date(Date.now() + hours * 3_600_000)),
    });
    await page.getByRole('button', { name: `Add: ${teapot}` }).click();
    await place(page).click();
    await seesStep(page, 'Paid');
  });

  it("somebody else's order is no order", async () => {
    const id = await placeOrder(await customer(100), 100);
    const page = await open({ as: await person(), at: `/orders/${id}` });
    await page.getByRole('heading', { name: 'There is no such order' }).waitFor();
  });
});
