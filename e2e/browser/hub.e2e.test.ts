import { sticksOut, violationsOf } from './accessibility';
import { inBrowser } from './browser';

const { open } = inBrowser();

describe('the page of the events', () => {
  it.each(['light', 'dark'] as const)('is drawn and readable for everybody in %s', async (colorScheme) => {
    const page = await open({ at: '/docs/', colorScheme });
    await page.getByRole('link', { name: 'the events' }).click();
    await page.getByRole('img', { name: /^Topics, the services/ }).waitFor();
    await page.getByText('OrderCancelled', { exact: true }).last().click();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('fits into the window of a phone', async () => {
    const page = await open({ at: '/docs/events', viewport: { width: 390, height: 800 } });
    expect(await sticksOut(page)).toEqual([]);
  });
});
