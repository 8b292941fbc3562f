import { becomes, cancel, customer, move, operator, placeOrder, staff } from '../shop';
import { inBrowser } from './browser';

jest.setTimeout(120_000);
const { open } = inBrowser();

async function paidOrder() {
  const anna = await customer(100_000);
  const id = await placeOrder(anna, 1_000);
  await becomes(anna, id, 'PAID');
  return { anna, id };
}

describe('operations', () => {
  it('shows that each service is ready, and is for nobody else, not even the staff', async () => {
    const page = await open({ as: await operator() });
    await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Operations' }).click();
    for (const service of ['orders', 'payments', 'points', 'accrual', 'identity', 'notifications', 'journal'])
      await page.getByRole('region', { name: service, exact: true }).getByText('Ready', { exact: true }).waitFor();
    const theirs = await open({ as: await staff(), at: '/operations' });
    await theirs.getByRole('heading', { name: 'This part is for operators' }).waitFor();
  });
});

describe('the journey of an order', () => {
  it('grows while somebody looks, from the order of the staff to what is taken back', async () => {
    const { anna, id } = await paidOrder();
    const page = await open({ as: await operator(), at: `/staff/orders/${id}` });
    await page.getByRole('link', { name: 'The journey of an order' }).click();
    const steps = page.getByRole('region', { name: 'What each service did' }).getByRole('listitem');
    const step = (type: string) => steps.filter({ has: page.getByText(type, { exact: true }) });
    await step('OrderCreated').waitFor();
    await step('PaymentProcessed').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();

    await step('OrderCreated').getByText('The whole message').click();
    await step('OrderCreated').getByRole('button', { name: 'Copy: Trace' }).waitFor();
    await move(id, 'ASSEMBLING');
    await step('OrderStatusChanged').filter({ hasText: 'ASSEMBLING' }).waitFor({ state: 'attached' });
    await cancel(anna, id);
    await step('PaymentRefunded').getByText('Takes something back').waitFor();
    // What was open stays open.
    expect(await step('OrderCreated').locator('details').getAttribute('open')).not.toBeNull();
    await page.getByRole('region', { name: 'In short' }).getByText('Cancelled').waitFor();
  });
});

describe('the events', () => {
  it('are found by what stands in the address, and followed', async () => {
    const { anna, id } = await paidOrder();
    const page = await open({ as: await operator(), at: '/operations/events' });
    await page.getByLabel('Order id').fill(id);
    await page.getByLabel('Type').selectOption('OrderCreated');
    await page.getByRole('button', { name: 'Show these' }).click();
    await page.waitForURL((url) => url.searchParams.get('orderId') === id && url.searchParams.has('type'));
    const rows = page.getByRole('main').getByRole('list').last().getByRole('listitem');
    await rows.filter({ hasText: 'OrderCreated' }).waitFor();
    expect(await rows.count()).toBe(1);

    await page.getByLabel('Type').selectOption('');
    await page.getByRole('button', { name: 'Show these' }).click();
    await page.getByLabel('Follow what comes from now on').check();
    await page.getByText('Live', { exact: true }).waitFor();
    await cancel(anna, id);
    await rows.filter({ hasText: 'PaymentRefunded' }).waitFor();
  });
});
