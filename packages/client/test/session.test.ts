import { createMachineClient, isProblem, ShopUnreachable, type ShopClient } from '../src/index.js';
import { base, createWorld, json, type World } from './world.js';

const anna = { login: 'anna', password: 'secret' };
const boris = { login: 'boris', password: 'secret' };

let world: World;
let tabs: ShopClient[];
beforeEach(() => {
  world = createWorld();
  world.serve(() => json({ count: 0 }));
  tabs = [];
});
afterEach(() => tabs.forEach((tab) => tab.close()));

const open = (session: 'cookie' | 'memory' = 'cookie'): ShopClient => {
  const tab = world.openTab({ session });
  tabs.push(tab);
  return tab;
};
const ask = (shop: ShopClient) => shop.notifications.get('/v1/notifications/unread-count');
const who = ({ session: { state } }: ShopClient) => (state.status === 'signed-in' ? state.user.login : state.status);

describe('a page that is opened', () => {
  it('does not know yet who is there, and finds out', async () => {
    await open().session.signIn(anna);
    const reloaded = open();
    expect(who(reloaded)).toBe('unknown');
    expect(await reloaded.session.restore()).toMatchObject({ status: 'signed-in', user: { login: 'anna' } });
  });

  it('finds nobody where nobody has signed in', async () => {
    expect(await open().session.restore()).toEqual({ status: 'signed-out', ended: false });
  });

  it('says so when the shop cannot be asked, and asks again later', async () => {
    await open().session.signIn(anna);
    const shop = open();
    world.network(false);
    const restored = shop.session.restore();
    restored.catch(() => undefined);
    await world.time.advance(30_000);
    await expect(restored).rejects.toThrow(ShopUnreachable);
    expect(who(shop)).toBe('unknown');
    world.network(true);
    await shop.session.restore();
    expect(who(shop)).toBe('anna');
  });

  it('tells each change once, and keeps its state the same object until then', async () => {
    const shop = open();
    const states: string[] = [];
    shop.session.onChange(() => states.push(who(shop)));
    await shop.session.signIn(anna);
    const { state } = shop.session;
    await world.time.advance(599_000);
    await ask(shop);
    expect(shop.session.state).toBe(state);
    await shop.session.signOut();
    expect(states).toEqual(['anna', 'signed-out']);
  });
});

describe('an access token', () => {
  it('is renewed unasked before it runs out', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    await world.time.advance(598_000);
    await ask(shop);
    expect(world.identity.refreshes).toBe(1);
    expect(world.asked.filter((each) => each.includes('unread-count'))).toHaveLength(1);
  });

  it('that the shop takes no more is renewed once, and the request asked again', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    // As after a night asleep, which no clock of a page counts.
    world.identity.expireTokens();
    await ask(shop);
    expect(world.identity.refreshes).toBe(1);
    expect(world.asked.filter((each) => each.includes('unread-count'))).toHaveLength(2);
    expect(who(shop)).toBe('anna');
  });

  it('is renewed once for all who wait for it, in all tabs one after the other', async () => {
    const [one, other] = [open(), open()];
    await one.session.signIn(anna);
    await other.session.restore();
    const before = world.identity.refreshes;
    await world.time.advance(700_000);
    await Promise.all([ask(one), ask(one), ask(other), ask(one), ask(other)]);
    expect(world.identity.refreshes - before).toBe(2);
    expect([who(one), who(other)]).toEqual(['anna', 'anna']);
  });

  it('is renewed in one tab while the others wait their turn', async () => {
    const [one, other] = [open(), open()];
    await one.session.signIn(anna);
    await other.session.restore();
    await world.time.advance(700_000);
    const before = world.identity.refreshes;
    const refresh = 'POST /api/identity/v1/sessions/refresh';
    const release = world.hold('/api/identity/v1/sessions/refresh');
    const answers = Promise.all([ask(one), ask(other)]);
    await world.time.advance(100);
    expect(world.asked.slice(-2)).not.toEqual([refresh, refresh]);
    release();
    await answers;
    expect(world.identity.refreshes - before).toBe(2);
  });

  it('that comes too late, after signing out, brings nobody back', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    world.identity.giveRole('anna', 'staff');
    await world.time.advance(700_000);
    const release = world.hold('/api/identity/v1/users/me');
    const asked = ask(shop).catch(() => undefined);
    await world.time.advance(100);
    await shop.session.signOut();
    const states: string[] = [];
    shop.session.onChange(() => states.push(who(shop)));
    release();
    await asked;
    expect([who(shop), states]).toEqual(['signed-out', []]);
  });

  it.each(['lost', 'refused for now'] as const)('an answer that is %s costs nobody the session', async (fate) => {
    const shop = open();
    await shop.session.signIn(anna);
    await world.time.advance(700_000);
    world.identity.nextRefresh(fate);
    const asked = ask(shop);
    await world.time.advance(5_000);
    await asked;
    expect(who(shop)).toBe('anna');
  });

  it('of a session that was ended elsewhere is the end of it here', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    world.identity.revoke('anna');
    await expect(ask(shop)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(shop.session.state).toEqual({ status: 'signed-out', ended: true });
  });

  it('that this page may not renew is the end of the session too', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    await world.time.advance(700_000);
    world.identity.nextRefresh('forbidden');
    await ask(shop);
    expect(shop.session.state).toEqual({ status: 'signed-out', ended: true });
  });

  it('with another role brings it to the page', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    world.identity.giveRole('anna', 'staff');
    await world.time.advance(700_000);
    await ask(shop);
    expect(shop.session.state).toMatchObject({ user: { roles: ['customer', 'staff'] } });
  });
});

describe('signing out', () => {
  it('here is signing out in every tab of the browser', async () => {
    const [one, other] = [open(), open()];
    await one.session.signIn(anna);
    await other.session.restore();
    await one.session.signOut();
    expect(one.session.state).toEqual({ status: 'signed-out', ended: false });
    expect(other.session.state).toEqual({ status: 'signed-out', ended: true });
    expect(await open().session.restore()).toEqual({ status: 'signed-out', ended: false });
  });

  it('works with a token that has run out, by the cookie alone', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    await world.time.advance(700_000);
    await shop.session.signOut();
    expect(await open().session.restore()).toMatchObject({ status: 'signed-out' });
  });

  it('everywhere ends the sessions of every device', async () => {
    const [here, phone] = [open(), open('memory')];
    await here.session.signIn(anna);
    await phone.session.signIn(anna);
    await here.session.signOutEverywhere();
    expect(who(here)).toBe('signed-out');
    await expect(ask(phone)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(phone.session.state).toEqual({ status: 'signed-out', ended: true });
  });

  it('forgets who was there even when the shop cannot be told, and says that it could not', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    world.network(false);
    const leaving = shop.session.signOut();
    leaving.catch(() => undefined);
    expect(who(shop)).toBe('signed-out');
    await world.time.advance(60_000);
    await expect(leaving).rejects.toThrow(ShopUnreachable);
  });
});

describe('somebody else signing in', () => {
  it('in another tab is who this tab belongs to from then on', async () => {
    const [one, other] = [open(), open()];
    await one.session.signIn(anna);
    await other.session.restore();
    await other.session.signIn(boris);
    await world.time.advance(0);
    expect(who(one)).toBe('boris');
  });

  it('never gets done what the one before asked for', async () => {
    const shop = open();
    await shop.session.signIn(anna);
    world.identity.revoke('anna');
    world.identity.replaceCookie('boris');
    const refused = await ask(shop).catch((error: unknown) => error);
    expect(isProblem(refused, 'unauthenticated')).toBe(true);
    expect(world.asked.filter((each) => each.includes('unread-count'))).toHaveLength(1);
    expect(who(shop)).toBe('boris');
  });
});

describe('a program', () => {
  it('keeps its refresh token to itself', async () => {
    const shop = open('memory');
    await shop.session.register({ ...anna, name: 'Anna' });
    await world.time.advance(700_000);
    await ask(shop);
    expect(world.identity.refreshes).toBe(1);
    expect(who(open())).toBe('unknown');
  });

  it('with a staff key sends the key and nothing else', async () => {
    const seen: (string | null)[] = [];
    world.serve(({ headers, credentials }) => {
      seen.push(headers.get('x-staff-api-key'), headers.get('authorization'), credentials);
      return json({ orders: [], total: 0, page: 1, limit: 20, nextCursor: null });
    });
    const machine = createMachineClient({ baseUrl: base, staffKey: 'key', ports: world.ports });
    await machine.orders.get('/v1/staff/orders', { query: { limit: 20 } });
    expect(seen).toEqual(['key', null, 'omit']);
  });
});
