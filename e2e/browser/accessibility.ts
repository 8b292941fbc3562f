import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds against WCAG 2.2 AA, each with where it is; `colours`: what another theme alone can change. */
export async function violationsOf(page: Page, what: 'all' | 'colours' = 'all'): Promise<readonly string[]> {
  // The page has no frames: in this mode nothing is opened beside it.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (what === 'all' ? axe.withTags(rules) : axe.withRules(['color-contrast'])).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** What sticks out of the window at its sides, so that somebody would have to scroll for every line. */
export const sticksOut = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`)
      .slice(-5);
  });
