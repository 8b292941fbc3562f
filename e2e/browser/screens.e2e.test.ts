import type { Page } from 'playwright-core';
import { becomes, customer, givePoints, issue, person, placeOrder, staff, upload, newNumber, cancel } from '../shop';
import { sticksOut, violationsOf } from './accessibility';
import { inBrowser } from './browser';

jest.setTimeout(240_000);
const { open } = inBrowser();

/** How the button of the settings is called, and the language in it. */
const languages = [
  ['en', 'Settings', 'English'],
  ['ru', 'Настройки', 'Русский'],
  ['id', 'Pengaturan', 'Bahasa Indonesia'],
] as const;

async function speak(page: Page, language: (typeof languages)[number]): Promise<void> {
  const [tag, , name] = language;
  await page
    .getByRole('button', { name: new RegExp(`^(${languages.map(([, button]) => button).join('|')})$`) })
    .click();
  await page.getByRole('menuitemradio', { name, exact: true }).click();
  await page.locator(`html[lang=${tag}]`).waitFor();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
}

/** In each language and theme nothing bars anybody's way, and at 320 px nothing sticks out. */
async function bearsEverybody(page: Page, showAgain: (page: Page) => Promise<unknown> = async () => {}): Promise<void> {
  const found: string[] = [];
  for (const language of languages) {
    await speak(page, language);
    await showAgain(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      await painted(page);
      found.push(
        ...(await violationsOf(page, colorScheme === 'light' ? 'all' : 'colours')).map(
          (text) => `${language[0]} ${colorScheme}: ${text}`,
        ),
      );
    }
    await page.setViewportSize({ width: 320, height: 700 });
    found.push(...(await sticksOut(page)).map((text) => `${language[0]} at 320 px: ${text}`));
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.keyboard.press('Escape');
  }
  expect(found).toEqual([]);
}

/** Until then some of what is there may have the colours of the theme before. */
const painted = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

const settled = (page: Page) => page.waitForLoadState('networkidle');

describe('for whoever is not signed in', () => {
  it.each(['/', '/?plain=true', '/sign-in', '/register', '/nowhere'])('%s', async (at) => {
    const page = await open({ at });
    await settled(page);
    await bearsEverybody(page);
  });
});

describe('for somebody new, to whom nothing has happened yet', () => {
  it.each([
    '/orders',
    '/wallet',
    '/points',
    '/notifications',
    '/orders/0190c5f0-0000-7000-8000-000000000000',
    '/staff/orders',
  ])('%s', async (at) => {
    const page = await open({ as: await person(), at });
    await settled(page);
    await bearsEverybody(page);
  });
});

describe('for a customer with money, points and orders', () => {
  const anna = (async () => {
    const somebody = await customer(5_000_000);
    await givePoints(somebody.id, 12_345);
    const [paid, late, issued] = [
      await placeOrder(somebody, 123_456),
      await placeOrder(somebody, 200),
      await placeOrder(somebody, 700_000),
    ];
    await Promise.all([paid, late, issued].map((id) => becomes(somebody, id, 'PAID')));
    await Promise.all([cancel(somebody, late), issue(issued), upload(somebody, newNumber())]);
    return { somebody, paid, late, issued };
  })();

  it.each(['/', '/orders', '/wallet', '/points', '/notifications'])('%s', async (at) => {
    const page = await open({ as: (await anna).somebody, at });
    await settled(page);
    if (at === '/') await page.getByRole('button', { name: /^Add: Cast-iron/ }).click();
    await bearsEverybody(page);
  });

  it.each(['paid', 'late', 'issued'] as const)('an order that is %s', async (which) => {
    const { somebody, ...orders } = await anna;
    const page = await open({ as: somebody, at: `/orders/${orders[which]}` });
    await settled(page);
    await bearsEverybody(page);
  });

  it('asked whether an order is to be cancelled', async () => {
    const { somebody, paid } = await anna;
    const page = await open({ as: somebody, at: `/orders/${paid}` });
    await settled(page);
    await bearsEverybody(page, async () => {
      await page.getByRole('button', { name: /^(Cancel|Отменить|Batalkan)/ }).click();
      await page.getByRole('dialog').waitFor();
    });
  });

  it('while the shop cannot be reached', async () => {
    const page = await open({
      as: (await anna).somebody,
      at: '/orders',
      before: (fresh) =>
        fresh.route('**/api/orders/v1/orders?*', (route) =>
          route.fulfill({
            status: 500,
            contentType: 'application/problem+json',
            body: JSON.stringify({
              type: '/problems/internal_error',
              title: 'Internal error',
              status: 500,
              code: 'internal_error',
              detail: 'something went wrong',
              traceId: '0af7651916cd43dd8448eb211c80319c',
            }),
          }),
        ),
    });
    await page.getByRole('alert').waitFor();
    await bearsEverybody(page);
  });
});

describe('for the staff', () => {
  it('the queue', async () => {
    const page = await open({ as: await staff(), at: '/staff/orders?queue=ALL' });
    await settled(page);
    await bearsEverybody(page);
  });

  it('an order', async () => {
    const anna = await customer(100_000);
    const id = await placeOrder(anna, 5_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: await staff(), at: `/staff/orders/${id}` });
    await settled(page);
    await bearsEverybody(page);
  });
});
