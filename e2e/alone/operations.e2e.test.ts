import type { Page } from 'playwright-core';
import { inBrowser } from '../browser/browser';
import { balanceBecomes, becomes, cancel, customer, operator, placeOrder } from '../shop';
import { ownerOfAll, verify } from '../stack';

jest.setTimeout(180_000);
const { open } = inBrowser();

afterAll(() => verify());

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('a message that its service cannot work in', () => {
  it('is seen, fails again while nothing is mended, and runs before what waits behind it once it is', async () => {
    const anna = await customer(10_000);
    await using payments = await ownerOfAll('payments');
    await payments.query(`CREATE FUNCTION obstacle() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'something is in the way'; END $$`);
    await payments.query(`CREATE TRIGGER obstacle BEFORE INSERT ON payment FOR EACH ROW
      WHEN (NEW.owner = '${anna.id}') EXECUTE FUNCTION obstacle()`);
    const id = await placeOrder(anna, 1_000);

    const page = await open({ as: await operator(), at: `/operations/parked?service=payments&key=${id}` });
    const rows = page.getByRole('main').getByRole('listitem').filter({ hasText: id });
    await rows.filter({ hasText: 'something is in the way' }).waitFor();
    await cancel(anna, id);
    await press(page, 'Show 1 new message');
    await rows.filter({ hasText: 'Version 2' }).waitFor();

    await rows.filter({ hasText: 'Version 1' }).getByRole('link').click();
    await page.getByText('"created"').waitFor();
    await press(page, 'Release it in order');
    await page
      .getByText(/^0 messages have run, then it failed again: .*something is in the way/)
      .first()
      .waitFor();
    await payments.query('DROP FUNCTION obstacle() CASCADE');
    await press(page, 'Release it in order');
    await page.getByText('2 messages have run.').first().waitFor();
    await balanceBecomes(anna, 10_000);

    await page.getByRole('link', { name: 'To the list' }).click();
    await page.getByRole('heading', { name: 'Nothing is parked here' }).waitFor();
    const audit = page.getByRole('region', { name: 'What operators did here' }).getByRole('listitem');
    await audit.filter({ hasText: id }).filter({ hasText: 'you' }).first().waitFor();
    await audit.filter({ hasText: id }).filter({ hasText: 'stopped half-way' }).waitFor();
  });
});

describe('consumers that are held back', () => {
  it('leave an order unpaid until somebody resumes them', async () => {
    const anna = await customer(10_000);
    const page = await open({ as: await operator(), at: '/operations' });
    const payments = page.getByRole('region', { name: 'payments', exact: true });
    await payments.getByRole('button', { name: 'Pause: Consumers of payments' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await payments.getByText('Paused', { exact: true }).waitFor();
    const id = await placeOrder(anna, 1_000);
    await payments.getByText('1 message', { exact: false }).waitFor();
    await becomes(anna, id, 'PENDING');
    await payments.getByRole('button', { name: 'Resume: Consumers of payments' }).click();
    await becomes(anna, id, 'PAID');
  });
});

describe('an invariant', () => {
  it('that is broken turns red and names the order, and is well again once it is mended', async () => {
    const anna = await customer(10_000);
    const id = await placeOrder(anna, 1_000);
    await becomes(anna, id, 'PAID');
    const page = await open({ as: await operator(), at: '/operations/invariants' });
    const refunds = page.getByRole('region', { name: 'Nobody gets back more than they paid' });
    await refunds.getByText('Holds', { exact: true }).waitFor();
    await using journal = await ownerOfAll('journal');
    const fault = (text: string | null) =>
      journal.query('UPDATE order_journey SET fault = $2 WHERE order_id = $1', [id, text]);
    await fault('refund_exceeds_charge');
    await refunds.getByText('Broken', { exact: true }).waitFor();
    await page.getByText('One is broken.').first().waitFor();
    await refunds.getByRole('link', { name: `Order ${id}` }).click();
    await page.getByText('More money was given back than was charged.').waitFor();
    await fault(null);
    await page.goBack();
    await refunds.getByText('Holds', { exact: true }).waitFor();
  });
});
