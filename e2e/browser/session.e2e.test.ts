import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { customer, http, person, signIn } from '../shop';
import { seed } from '../stack';
import { inBrowser } from './browser';

const { open, openTab } = inBrowser();

const settings = (page: Page) => page.getByRole('button', { name: 'Settings' });
const signedInAs = async (page: Page, name: string) => {
  await settings(page).click();
  await page.getByText(`Signed in as ${name}`).waitFor();
  await page.keyboard.press('Escape');
};
const fillIn = async (page: Page, login: string, password: string) => {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
};

describe('somebody with a keyboard', () => {
  it('comes first to the way past the menu, also after a reload, and begins at the title of a page they moved to', async () => {
    const page = await open();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    for (const come of [async () => {}, () => page.reload()]) {
      await come();
      await page.getByRole('heading', { name: 'The shop', level: 1 }).waitFor();
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the content');
    }
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    expect(await focused()).toBe('Sign in');
  });
});

describe('somebody new', () => {
  it('creates an account, is signed in by that, and still is after a reload', async () => {
    const login = `new-${randomUUID()}`;
    const page = await open();
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'New here? Create an account' }).click();
    await page.getByRole('heading', { name: 'Create an account' }).waitFor();
    await fillIn(page, login, 'a good long one');
    await page.getByLabel('Your name').fill('Анна 🫖');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('heading', { name: 'The shop', level: 1 }).waitFor();
    await page.reload();
    await signedInAs(page, 'Анна 🫖');
  });

  it('reads at the fields what is wrong with them, and what was typed is kept', async () => {
    const { login } = await person();
    const page = await open({ at: '/register' });
    await fillIn(page, login, 'short');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByText('8 to 128 characters.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('long enough by now');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByText('Somebody has this login already.').waitFor();
    expect(await page.getByLabel('Login').inputValue()).toBe(login);
    expect(await page.getByLabel('Login').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('long enough by now');
  });

  it('reads at its field what the shop alone knows to be wrong', async () => {
    const page = await open({ at: '/register' });
    // A character that the page lets through and the shop does not.
    await fillIn(page, `bell\u0007${randomUUID()}`, 'a good long one');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    expect(await page.getByLabel('Login').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('a good long one');
  });
});

describe('somebody known', () => {
  it('is told that login or password is wrong, and types only the password anew', async () => {
    const { login } = await person();
    const page = await open({ at: '/sign-in' });
    await fillIn(page, login, 'not my password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The login or the password is not right.').waitFor();
    expect(await page.getByLabel('Login').inputValue()).toBe(login);
    await page.getByLabel('Password', { exact: true }).fill(`${login}-password`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The shop', level: 1 }).waitFor();
  });

  it('who was going somewhere is there after signing in', async () => {
    const { login } = await person();
    const page = await open({ at: '/wallet' });
    await fillIn(page, login, `${login}-password`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Wallet', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/wallet');
  });

  it('is sent nowhere else by a link that somebody else made', async () => {
    const { login } = await person();
    const page = await open({ at: '/sign-in?returnTo=//evil.example' });
    await fillIn(page, login, `${login}-password`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'The shop', level: 1 }).waitFor();
  });

  it('leaves no token in a storage, an address or a cookie that scripts can read', async () => {
    const page = await open({ at: '/sign-in' });
    const { login } = await person();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    await fillIn(page, login, `${login}-password`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'The shop', level: 1 }).waitFor();
    const kept = await page.evaluate(async () => ({
      storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      all: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      cookie: document.cookie,
      databases: (await indexedDB.databases()).length,
    }));
    expect(kept).toMatchObject({ cookie: '', databases: 0 });
    expect([kept.all, ...addresses].filter((text) => /eyJ|refresh_?token|access_?token/i.test(text))).toEqual([]);
    const [cookie] = await page.context().cookies(`${new URL(page.url()).origin}/api/identity/v1/sessions`);
    expect(cookie).toMatchObject({ name: 'gstore_refresh', httpOnly: true, sameSite: 'Strict' });
  });

  it('one click signs in a person of the demonstration, in their own language', async () => {
    await seed();
    const page = await open({ at: '/sign-in' });
    await page.getByRole('button', { name: /Иван Петров/ }).click();
    await page.getByRole('link', { name: 'Кошелёк' }).first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
  }, 120_000);
});

describe('two tabs', () => {
  it('who signs in or out in one does so in the other', async () => {
    const { login } = await person();
    const first = await open({ at: '/sign-in' });
    const second = await openTab(first, '/orders');
    await second.getByRole('button', { name: 'Sign in' }).waitFor();
    await fillIn(first, login, `${login}-password`);
    await first.getByRole('button', { name: 'Sign in' }).click();
    await settings(second).click();
    await second.getByText(`Signed in as ${login}`).waitFor();
    await second.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await first.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  });

  it('reloaded at once both stay signed in', async () => {
    const { login } = await person();
    const first = await open({ as: { login }, at: '/orders' });
    const second = await openTab(first, '/wallet');
    await Promise.all([first.reload(), second.reload()]);
    await signedInAs(first, login);
    await signedInAs(second, login);
    await Promise.all([second.reload(), first.reload()]);
    await signedInAs(first, login);
    await signedInAs(second, login);
  });
});

describe('a session that ends in the middle', () => {
  it('asks to sign in, says why, and goes on where it was', async () => {
    const { login, token } = await customer(0);
    const page = await open({ as: { login }, at: '/wallet' });
    await page.getByRole('heading', { name: 'Wallet', level: 1 }).waitFor();
    // Somebody signs out everywhere, on another device.
    await http.delete('/api/identity/v1/sessions', undefined, { token });
    await page.getByText('Your session has ended. Sign in to go on where you were.').waitFor();
    await fillIn(page, login, `${login}-password`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Wallet', level: 1 }).waitFor();
  });

  it('sign out everywhere ends the session of another device', async () => {
    const { login } = await person();
    const here = await open({ as: { login }, at: '/orders' });
    const there = await open({ as: { login }, at: '/wallet' });
    await there.getByRole('heading', { name: 'Wallet', level: 1 }).waitFor();
    await settings(here).click();
    await here.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    await there.getByText('Your session has ended. Sign in to go on where you were.').waitFor();
  });

  it('a token that was refused is renewed without anybody noticing', async () => {
    const { login } = await customer(12_345);
    const refused: string[] = [];
    const page = await open({
      as: { login },
      at: '/wallet',
      before: (fresh) =>
        fresh.route(
          '**/api/payments/v1/accounts/mine',
          (route) => {
            refused.push(route.request().headers()['authorization'] ?? '');
            return route.fulfill({
              status: 401,
              contentType: 'application/problem+json',
              body: JSON.stringify({
                type: '/problems/unauthenticated',
                title: 'x',
                status: 401,
                code: 'unauthenticated',
                detail: 'the token has expired',
              }),
            });
          },
          { times: 1 },
        ),
    });
    await page.getByText('₽123.45').first().waitFor();
    expect(refused).toHaveLength(1);
  });
});

describe('a device whose clock is wrong', () => {
  it.each([-1, 1])('by %d hours stays signed in', async (hours) => {
    const { login } = await person();
    const page = await open({
      as: { login },
      at: '/orders',
      before: (fresh) => fresh.clock.setSystemTime(new Date(Date.now() + hours * 3_600_000)),
    });
    await signedInAs(page, login);
    await page.reload();
    await signedInAs(page, login);
    expect(await signIn(login, `${login}-password`)).toMatch(/^eyJ/);
  });
});
