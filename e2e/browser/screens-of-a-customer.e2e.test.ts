import { becomes, cancel, customer, givePoints, issue, newNumber, placeOrder, upload } from '../shop';
import { bearsEverybody, settled } from './everybody';
import { inBrowser } from './browser';

jest.setTimeout(240_000);
const { open } = inBrowser();

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
