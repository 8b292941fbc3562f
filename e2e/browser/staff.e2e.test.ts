import type { Page } from 'playwright-core';
import { becomes, customer, move, orderOf, placeOrder, staff } from '../shop';
import { inBrowser, seesStep } from './browser';

jest.setTimeout(120_000);
const { open } = inBrowser();

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function paidOrder(amount = 1_000) {
  const anna = await customer(100_000);
  const id = await placeOrder(anna, amount);
  await becomes(anna, id, 'PAID');
  return { anna, id };
}

describe('staff at an order', () => {
  it('bring it to its customer step by step, who sees it in another window', async () => {
    const [{ anna, id }, sam] = await Promise.all([paidOrder(), staff()]);
    const [theirs, ours] = [
      await open({ as: anna, at: `/orders/${id}` }),
      await open({ as: sam, at: `/staff/orders/${id}` }),
    ];
    for (const [button, step] of [
      ['Start assembling', 'Assembling'],
      ['Assembling is done', 'Assembled'],
      ['Hand over to delivery', 'On its way'],
      ['Hand over to the customer', 'Handed over'],
    ] as const) {
      await press(ours, button);
      await seesStep(theirs, step);
    }
    await ours.getByText('It has been handed over. Nothing is left to do.').waitFor();
  });

  it('two at once: the slower one reads who was faster, and nothing is done twice', async () => {
    const [{ anna, id }, sam, kim] = await Promise.all([paidOrder(), staff(), staff()]);
    const ours = await open({
      as: sam,
      at: `/staff/orders/${id}`,
      before: (page) => page.routeWebSocket(/\/ws\//, () => {}),
    });
    await ours.getByRole('button', { name: 'Start assembling' }).waitFor();
    const theirs = await open({ as: kim, at: `/staff/orders/${id}` });
    await press(theirs, 'Start assembling');
    await theirs.getByRole('button', { name: 'Assembling is done' }).waitFor();
    await press(ours, 'Start assembling');
    await ours
      .getByText(/^Somebody was faster: .* set it to “In assembly”/)
      .first()
      .waitFor();
    expect((await orderOf(anna, id)).status).toBe('ASSEMBLING');
  });

  it('a double click does one step', async () => {
    const [{ anna, id }, sam] = await Promise.all([paidOrder(), staff()]);
    const page = await open({ as: sam, at: `/staff/orders/${id}` });
    await page.getByRole('button', { name: 'Start assembling' }).dblclick();
    await page.getByRole('button', { name: 'Assembling is done' }).waitFor();
    expect((await orderOf(anna, id)).status).toBe('ASSEMBLING');
  });

  it('cancel what is out of stock; its customer reads why', async () => {
    const [{ anna, id }, sam] = await Promise.all([paidOrder(), staff()]);
    const theirs = await open({ as: anna, at: `/orders/${id}` });
    await seesStep(theirs, 'Paid');
    const page = await open({ as: sam, at: `/staff/orders/${id}` });
    await press(page, 'More');
    await page.getByRole('menuitem', { name: 'Cancel: out of stock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
    await theirs.getByText('The shop had run out of it').first().waitFor();
  });
});

describe('the queue', () => {
  it('is worked by keyboard, with its search in the address', async () => {
    const [{ anna, id }, sam] = await Promise.all([paidOrder(), staff()]);
    const { number } = (await orderOf(anna, id)) as unknown as { number: string };
    const page = await open({ as: sam, at: '/staff/orders' });
    await page.getByRole('list').last().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(number);
    await page.waitForURL((url) => url.search.includes(number));
    await page.getByRole('link', { name: `Order ${number}` }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/staff/orders/${id}`);
    await page.goBack();
    await page.waitForURL((url) => url.search.includes(number));
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  });

  it('tells of new orders and moves no row under the pointer', async () => {
    const [{ id }, sam] = await Promise.all([paidOrder(), staff()]);
    const page = await open({ as: sam, at: '/staff/orders?queue=ALL' });
    const rows = page.getByRole('main').getByRole('list').last().getByRole('link');
    const first = await rows.first().getAttribute('href');
    const fresh = await paidOrder();
    const pill = page.getByRole('button', { name: /^Show \d+ new orders?$/ });
    await pill.waitFor();
    expect(await rows.first().getAttribute('href')).toBe(first);
    await pill.click();
    await page.locator(`a[href="/staff/orders/${fresh.id}"]`).waitFor();
    await move(id, 'ASSEMBLING');
    await page
      .getByRole('listitem')
      .filter({ has: page.locator(`a[href="/staff/orders/${id}"]`) })
      .getByText('In assembly')
      .waitFor();
  });

  it('is for nobody else', async () => {
    const page = await open({ as: await customer(0), at: '/staff/orders' });
    await page.getByRole('heading', { name: 'This part is for the staff of the shop' }).waitFor();
  });
});
