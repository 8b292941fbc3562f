import type { Page } from 'playwright-core';
import { sticksOut, violationsOf } from './accessibility';

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
export async function bearsEverybody(
  page: Page,
  showAgain: (page: Page) => Promise<unknown> = async () => {},
): Promise<void> {
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

export const settled = (page: Page): Promise<void> => page.waitForLoadState('networkidle');
