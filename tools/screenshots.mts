/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findStack, root, ToolRefused } from './verify/where.mts';

const usage = `npm run screenshots [-- <name>…]

Pictures of every screen of a running stack, light and dark, into docs/screens/; sow its demo first (npm run seed).
STACK names another stack than main; CHROMIUM another browser than /usr/bin/chromium.`;

interface Screen {
  readonly name: string;
  /** Somebody of the demo. */
  readonly as?: string;
  readonly at: string;
  readonly width?: number;
  readonly height?: number;
  /** What has to be there, and be done, before it is a picture. */
  readonly show?: (page: Page) => Promise<unknown>;
}

const openOrder = (state: string) => (page: Page) =>
  page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: state })
    .first()
    .getByRole('link')
    .click()
    .then(() => page.waitForURL(/\/orders\/.{36}$/));
const openJourney = async (page: Page) => {
  await openOrder('Issued')(page);
  await page.getByRole('link', { name: 'The journey of an order' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
};
const fillBasket = async (page: Page) => {
  for (const goods of ['Cast-iron teapot', 'Green tea', 'Stoneware mug'])
    await page.getByRole('button', { name: new RegExp(`^Add: ${goods}`) }).click();
  await page.getByRole('button', { name: /^One more: Stoneware/ }).click();
  await page.evaluate(() => scrollTo(0, 0));
};

const screens: readonly Screen[] = [
  { name: 'sign-in', at: '/sign-in' },
  { name: 'register', at: '/register', height: 720 },
  { name: 'shop', as: 'alice', at: '/', show: fillBasket },
  { name: 'shop-phone', as: 'alice', at: '/', width: 390, height: 844, show: fillBasket },
  { name: 'my-orders', as: 'alice', at: '/orders' },
  { name: 'order', as: 'alice', at: '/orders', show: openOrder('On its way') },
  { name: 'order-phone', as: 'alice', at: '/orders', width: 390, height: 844, show: openOrder('On its way') },
  { name: 'order-failed', as: 'ivan', at: '/orders', show: openOrder('Cancelled') },
  { name: 'wallet', as: 'alice', at: '/wallet' },
  { name: 'points', as: 'alice', at: '/points' },
  { name: 'notifications', as: 'alice', at: '/notifications' },
  { name: 'staff-queue', as: 'staff', at: '/staff/orders?queue=ALL' },
  { name: 'operations-health', as: 'operator', at: '/operations' },
  { name: 'operations-journey', as: 'operator', at: '/staff/orders?queue=ALL', show: openJourney },
  { name: 'operations-events', as: 'operator', at: '/operations/events' },
  { name: 'operations-parked', as: 'operator', at: '/operations/parked?service=payments' },
  { name: 'operations-invariants', as: 'operator', at: '/operations/invariants' },
  { name: 'staff-order', as: 'staff', at: '/staff/orders?queue=ASSEMBLED', show: openOrder('To deliver') },
];

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const folder = join(root, 'docs/screens');

async function take(browser: Browser, gateway: string, screen: Screen): Promise<void> {
  const { name, as, at, width = 1_280, height = 860, show } = screen;
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      baseURL: gateway,
      viewport: { width, height },
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      colorScheme,
    });
    if (as !== undefined) {
      const data = { login: as, password: `${as}-password`, cookie: true };
      const answer = await context.request.post('/api/identity/v1/sessions', { data });
      if (!answer.ok()) throw new ToolRefused(`${as} cannot sign in: is the demo sown? (npm run seed)`);
    }
    const page = await context.newPage();
    await page.goto(at);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await show?.(page);
    // Where a stream is open there is always something on its way.
    if (show !== openJourney) await page.waitForLoadState('networkidle');
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    await context.close();
  }
  process.stdout.write(`docs/screens/${name}-{light,dark}.png\n`);
}

async function main(names: readonly string[]): Promise<void> {
  if (names.includes('--help')) return void process.stdout.write(`${usage}\n`);
  const { gateway } = findStack(process.env, { http: true });
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  try {
    for (const screen of screens.filter(({ name }) => names.length === 0 || names.includes(name)))
      await take(browser, gateway, screen);
  } finally {
    await browser.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof ToolRefused ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
