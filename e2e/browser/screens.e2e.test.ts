import { becomes, customer, operator, person, placeOrder, staff } from '../shop';
import { bearsEverybody, settled } from './everybody';
import { inBrowser } from './browser';

jest.setTimeout(240_000);
const { open } = inBrowser();

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
    '/operations',
  ])('%s', async (at) => {
    const page = await open({ as: await person(), at });
    await settled(page);
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

describe('for operators', () => {
  it.each([
    '/operations',
    '/operations/journeys',
    '/operations/journeys/0190c5f0-0000-7000-8000-000000000000',
    '/operations/events?type=OrderCreated',
    '/operations/parked/payments/999999',
    '/operations/invariants',
  ])('%s', async (at) => {
    const page = await open({ as: await operator(), at });
    await settled(page);
    await bearsEverybody(page);
  });

  it('the journey of an order, with a message open', async () => {
    const anna = await customer(100_000);
    const id = await placeOrder(anna, 5_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: await operator(), at: `/operations/journeys/${id}` });
    await page.locator('summary').first().click();
    await bearsEverybody(page);
  });

  it('asked whether everything that is parked is to be released', async () => {
    const page = await open({ as: await operator(), at: '/operations/parked?service=payments' });
    await settled(page);
    await bearsEverybody(page, async () => {
      await page.getByRole('button', { name: /^(Release all|Выпустить все|Lepaskan semua)/ }).click();
      await page.getByRole('dialog').waitFor();
    });
  });
});
