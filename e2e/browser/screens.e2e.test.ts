import { becomes, customer, person, placeOrder, staff } from '../shop';
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
