import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Person } from '../shop';
import { gateway } from '../stack';

/** Debian's; somebody who has another says where. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** Nothing of the browser's own business: no updates, no look-ups. Root has no sandbox. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
/** Machines that do much else are slow; what never comes fails all the same. */
const patienceMs = 20_000;

export interface Visit extends BrowserContextOptions {
  /** Signed in already, as by an earlier visit. */
  readonly as?: Pick<Person, 'login'>;
  /** The address inside the page. */
  readonly at?: string;
  /** Where something has to be in place before the page is loaded. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** What the browser will complain of in its console, since the test provokes it. */
  readonly complaints?: RegExp;
}

export interface Guest {
  /** Somebody with a browser of their own: nothing is left of an earlier visit. */
  open(visit?: Visit): Promise<Page>;
  /** Another tab of the same browser. */
  openTab(beside: Page, at?: string): Promise<Page>;
}

/** A browser for the tests of a file. A test fails when a page of its own throws, complains in its console or is refused something by its policy. */
export function inBrowser(): Guest {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args });
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });

  const listen = (page: Page, expected: RegExp | undefined): void => {
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // That the shop said no is an answer like another; a part of the page that is missing is not.
      const answer = text.startsWith('Failed to load resource') && /\/(api|ws)\//.test(message.location().url);
      if (message.type() === 'error' && !answer && expected?.test(text) !== true)
        complaints.push(`${page.url()}: ${text}`);
    });
  };

  return {
    async open({ as, at = '/', before, complaints: expected, ...options } = {}) {
      const context = await browser.newContext({
        baseURL: gateway,
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      contexts.push(context);
      context.setDefaultTimeout(patienceMs);
      context.on('page', (page) => listen(page, expected));
      if (as !== undefined) await signInQuietly(context, as.login);
      const page = await context.newPage();
      await before?.(page);
      await page.goto(at);
      return page;
    },
    async openTab(beside, at = '/') {
      const page = await beside.context().newPage();
      await page.goto(at);
      return page;
    },
  };
}

/** The cookie of an earlier visit: everybody of these tests has the password `<login>-password`. */
async function signInQuietly(context: BrowserContext, login: string): Promise<void> {
  const answer = await context.request.post('/api/identity/v1/sessions', {
    data: { login, password: `${login}-password`, cookie: true },
  });
  if (!answer.ok()) throw new Error(`${login} cannot sign in: ${await answer.text()}`);
}

/** The step of an order that is current on its screen. */
export const seesStep = (page: Page, step: string): Promise<void> =>
  page
    .getByRole('listitem')
    .filter({ hasText: `${step} (now)` })
    .waitFor();

/** A line of the wallet's statement. */
export const seesEntry = (page: Page, kind: string, amount: string): Promise<void> =>
  page.getByRole('listitem').filter({ hasText: kind }).filter({ hasText: amount }).first().waitFor();
