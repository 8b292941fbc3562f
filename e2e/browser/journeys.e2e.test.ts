import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import {
  balanceBecomes,
  becomes,
  customer,
  expectStatus,
  givePoints,
  http,
  issue,
  move,
  newNumber,
  orderOf,
  person,
  placeOrder,
  pointsOf,
  rewardFor,
} from '../shop';
import { scopedKey } from '../stack';
import { inBrowser, seesEntry, seesStep } from './browser';

jest.setTimeout(120_000);
const { open } = inBrowser();

const teapot = 'Cast-iron teapot with strainer';
const add = (page: Page, goods: string) => page.getByRole('button', { name: `Add: ${goods}` }).click();
const place = (page: Page) => page.getByRole('button', { name: 'Place the order' }).click();
const placedIn = async (page: Page): Promise<string> => {
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  return page.url().slice(-36);
};

describe('the first order of somebody new', () => {
  it('is paid before their eyes, in at most ten clicks and typed fields from a cold browser', async () => {
    const page = await open();
    let steps = 0;
    const click = (role: 'link' | 'button', name: string) => {
      steps += 1;
      return page.getByRole(role, { name, exact: true }).click();
    };
    const type = (field: string, text: string) => {
      steps += 1;
      return page.getByLabel(field, { exact: true }).fill(text);
    };
    await click('button', `Add: ${teapot}`);
    await click('link', 'Sign in to order');
    await click('link', 'New here? Create an account');
    // Signing in has fields of the same names: nobody types before they see where.
    await page.getByRole('heading', { name: 'Create an account' }).waitFor();
    await type('Login', `new-${randomUUID()}`);
    await type('Password', 'a good long one');
    await click('button', 'Create an account');
    await click('link', 'Open a wallet');
    await click('button', 'Open a wallet');
    await type('Amount in RUB', '5000');
    await page.keyboard.press('Enter');
    await seesEntry(page, 'Top-up', '₽5,000.00');
    await page.goBack();
    await click('button', 'Place the order');
    await placedIn(page);
    await seesStep(page, 'Paid');
    expect(steps).toBe(10);
  });

  it('is placed by keyboard alone', async () => {
    const { login } = await customer(1_000_000);
    const page = await open({ as: { login } });
    await page.getByRole('button', { name: `Add: ${teapot}` }).waitFor();
    const pressUntil = async (name: string) => {
      const wanted = page.getByRole('button', { name, exact: true });
      for (let i = 0; i < 80; i += 1) {
        if (await wanted.evaluate((element) => element === document.activeElement)) return page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never comes to ${name}`);
    };
    await pressUntil(`Add: ${teapot}`);
    // Focus is not lost with the button that went.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(`One more: ${teapot}`);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('textbox', { name: `Quantity: ${teapot}` }).inputValue()).toBe('2');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await pressUntil('Place the order');
    await placedIn(page);
    await seesStep(page, 'Paid');
    await pressUntil('Cancel');
    await page.getByRole('dialog', { name: 'Cancel this order?' }).waitFor();
    await pressUntil('Cancel the order');
    await page.getByText('You cancelled this order').first().waitFor();
  });
});

describe('an order that cannot be paid', () => {
  it('says that there is no wallet, and leads to one', async () => {
    const page = await open({ as: await person() });
    await add(page, teapot);
    await page.getByText('You have no wallet yet, so nothing can be paid.').waitFor();
    await place(page);
    await placedIn(page);
    await page.getByText('There was no wallet to pay from').first().waitFor();
    await page.getByRole('link', { name: 'Open a wallet' }).click();
    await page.getByRole('button', { name: 'Open a wallet' }).click();
    await page.getByRole('heading', { name: 'Nothing has moved yet' }).waitFor();
  });

  it('says that there is too little money, and is ordered again after a top-up', async () => {
    const page = await open({ as: await customer(100) });
    await add(page, teapot);
    await page.getByText('₽4,589.00 are missing in your wallet.').waitFor();
    await place(page);
    const first = await placedIn(page);
    await page.getByText('There was too little in your wallet').first().waitFor();
    await page.getByRole('link', { name: 'Top up' }).click();
    await page.getByLabel('Amount in RUB').fill('10 000,50');
    await page.getByRole('button', { name: 'Top up' }).click();
    await seesEntry(page, 'Top-up', '₽10,000.50');
    await page.goBack();
    await page.getByRole('link', { name: 'Order again' }).click();
    await page.getByRole('textbox', { name: `Quantity: ${teapot}` }).waitFor();
    await place(page);
    await page.waitForURL((url) => /^\/orders\/.{36}$/.test(url.pathname) && !url.pathname.endsWith(first));
    await seesStep(page, 'Paid');
  });
});

describe('a customer who changes their mind', () => {
  it('is told what comes back, sees it in the wallet, and takes the statement along', async () => {
    const anna = await customer(50_000);
    const id = await placeOrder(anna, 20_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: anna, at: `/orders/${id}` });
    const dialog = page.getByRole('dialog', { name: 'Cancel this order?' });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByText('₽200.00 come back to your wallet.').waitFor();
    await dialog.getByRole('button', { name: 'Keep it' }).last().click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await orderOf(anna, id)).status).toBe('PAID');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByText('You cancelled this order').first().waitFor();
    await balanceBecomes(anna, 50_000);
    await page.getByRole('link', { name: 'Wallet', exact: true }).click();
    await seesEntry(page, 'Given back', '₽500.00');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    const file = await (await download).path();
    const rows = (await readFile(file, 'utf8')).trim().split('\r\n');
    expect(rows.map((row) => row.split(',').slice(1).join(' '))).toEqual([
      'type amount balance currency order',
      'TOP_UP 500.00 500.00 RUB ',
      `CHARGE -200.00 300.00 RUB ${id}`,
      `REFUND 200.00 500.00 RUB ${id}`,
    ]);
  });

  it('cancels in the row of the list, where it is shown at once', async () => {
    const anna = await customer(50_000);
    const id = await placeOrder(anna, 20_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: anna, at: '/orders' });
    await page.getByRole('button', { name: /^Cancel order/ }).click();
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByRole('main').getByRole('listitem').getByText('Cancelled', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Cancel order/ }).waitFor({ state: 'detached' });
  });
});

describe('an order on its way', () => {
  it('goes through each state before its customer, who never reloads', async () => {
    const anna = await customer(50_000);
    const id = await placeOrder(anna, 1_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: anna, at: `/orders/${id}` });
    await seesStep(page, 'Paid');
    for (const [status, step] of [
      ['ASSEMBLING', 'Assembling'],
      ['ASSEMBLED', 'Assembled'],
      ['DELIVERING', 'On its way'],
      ['ISSUED', 'Handed over'],
    ] as const) {
      await move(id, status);
      await seesStep(page, step);
    }
    await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
  });

  it('is told in the corner, wherever its customer is, and kept with the other news', async () => {
    const anna = await customer(50_000);
    const id = await placeOrder(anna, 1_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: anna, at: '/wallet' });
    await page.getByRole('heading', { name: 'Statement' }).waitFor();
    await move(id, 'ASSEMBLING');
    await page.getByText('Your order: Being assembled').first().waitFor();
    await page.getByRole('link', { name: /unread notification/ }).click();
    await page.getByRole('main').getByRole('listitem').filter({ hasText: 'Being assembled' }).waitFor();
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await page.getByText('All read.').waitFor();
  });
});

describe('points', () => {
  it('pay a part of an order, and come back when it is cancelled', async () => {
    const anna = await customer(1_000_000);
    await givePoints(anna.id, 25_000);
    const page = await open({ as: anna });
    await add(page, teapot);
    await page.getByRole('slider', { name: 'Pay with points' }).focus();
    await page.keyboard.press('End');
    await page.getByRole('region', { name: 'Your order' }).getByText('₽4,340.00').waitFor();
    await place(page);
    await placedIn(page);
    await seesStep(page, 'Paid');
    await page.getByRole('row', { name: /Paid with points − 250/ }).waitFor();
    expect(await pointsOf(anna)).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('250 points come back to you.').waitFor();
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByRole('link', { name: 'Points', exact: true }).click();
    await page.getByRole('main').getByText('Given back for an order').waitFor();
  });

  it('are earned with an order that was handed over', async () => {
    const [anna, kettle] = await Promise.all([customer(1_000_000), rewardFor(10)]);
    const page = await open({ as: anna, at: '/?plain=true' });
    await page.getByLabel('Amount in RUB').fill('1000');
    await page.getByLabel('What for').fill(kettle);
    await place(page);
    const id = await placedIn(page);
    await seesStep(page, 'Paid');
    await issue(id);
    await page.getByRole('link', { name: 'Points', exact: true }).click();
    await page
      .getByRole('main')
      .getByText(/^Earned for order/)
      .waitFor();
  });

  it('pay for an order elsewhere, once and only as far as there are any', async () => {
    const anna = await person();
    await givePoints(anna.id, 10_000);
    const page = await open({ as: anna, at: '/points' });
    const card = page.getByRole('region', { name: 'Pay with points elsewhere' });
    const number = newNumber();
    await card.getByLabel('Order number').fill(number);
    await card.getByLabel('Points').fill('100.01');
    await card.getByRole('button', { name: 'Pay with points' }).click();
    await card.locator('[aria-invalid=true]').waitFor();
    await card.getByLabel('Points').fill('40');
    await card.getByRole('button', { name: 'Pay with points' }).dblclick();
    await card.getByText(`40 points paid for order ${number}.`).waitFor();
    await page.getByRole('cell', { name: `Paid for order ${number}` }).waitFor();
    expect(await pointsOf(anna)).toBe(6_000);
  });

  it('an order number that is handed in is watched until it is known what it earns', async () => {
    const page = await open({ as: await person(), at: '/points' });
    const card = page.getByRole('region', { name: 'Hand in an order number' });
    await card.getByLabel('Order number').fill('12345');
    await card.getByRole('button', { name: 'Hand in' }).click();
    await card.getByText('That is no order number. Look for a mistyped digit.').waitFor();
    expect(await card.getByLabel('Order number').inputValue()).toBe('12345');
    const number = newNumber();
    await card.getByLabel('Order number').fill(number);
    await card.getByRole('button', { name: 'Hand in' }).click();
    await card.getByText(`Number ${number} is taken. We look what it earns.`).waitFor();
    await card.getByRole('listitem').filter({ hasText: number }).getByText('Waiting').waitFor();
    const goods = [{ description: await rewardFor(10), price: 1_000 }];
    const machine = { staffKey: scopedKey('accrual') };
    expectStatus(await http.post('/api/accrual/api/orders', { order: number, goods }, machine), 202);
    await card.getByRole('listitem').filter({ hasText: number }).getByText('+100').waitFor({ timeout: 60_000 });
    await page.getByText(`Earned for order ${number}`).waitFor();
  });
});
