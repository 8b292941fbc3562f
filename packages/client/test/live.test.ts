import type { Change, LiveState, ShopClient, Target } from '../src/index.js';
import { createWorld, type World } from './world.js';

const anna = { login: 'anna', password: 'secret' };
const mine: Target = { scope: 'mine' };

let world: World;
let shop: ShopClient;
beforeEach(async () => {
  world = createWorld();
  shop = world.openTab();
  await shop.session.signIn(anna);
});
afterEach(() => shop.close());

interface Watched {
  /** `o1 2`: which order is at which version. */
  readonly changes: string[];
  readonly ready: boolean[];
  readonly refused: string[];
  readonly stop: () => void;
}

function watch(target: Target = mine, client: ShopClient = shop): Watched {
  const watched = { changes: [] as string[], ready: [] as boolean[], refused: [] as string[] };
  const stop = client.live.watch(target, {
    change: (change) => watched.changes.push(short(change)),
    ready: ({ recovered }) => watched.ready.push(recovered),
    refused: ({ code }) => watched.refused.push(code),
  });
  return { ...watched, stop };
}
const short = ({ data }: Change): string => `${'accountId' in data ? data.accountId : data.orderId} ${data.version}`;

const states: LiveState['status'][] = [];
/** Long enough for whatever is due now, too short for any back-off but the first. */
const moment = () => world.time.advance(300);
const server = () => {
  const [socket] = world.feed.sockets;
  if (socket === undefined) throw new Error('nobody is connected');
  return socket;
};
beforeEach(() => {
  states.length = 0;
  shop.live.onChange(() => states.push(shop.live.state.status));
});

describe('watching', () => {
  it('brings each change as it happens', async () => {
    const { changes, ready } = watch();
    await moment();
    world.feed.order('o1', 'anna');
    world.feed.order('o1', 'anna');
    world.feed.order('o2', 'boris');
    expect([changes, ready]).toEqual([['o1 1', 'o1 2'], [false]]);
    expect(shop.live.state).toEqual({ status: 'live', caughtUp: undefined });
  });

  it('one order brings its present state first', async () => {
    world.feed.order('o1', 'anna');
    world.feed.order('o1', 'anna');
    const { changes } = watch({ orderId: 'o1' });
    await moment();
    world.feed.order('o1', 'anna');
    expect(changes).toEqual(['o1 2', 'o1 3']);
  });

  it('the same twice asks the shop once, and the second hears how things are', async () => {
    world.feed.order('o1', 'anna');
    watch({ orderId: 'o1' });
    await moment();
    const second = watch({ orderId: 'O1' });
    await moment();
    world.feed.order('o1', 'anna');
    expect([second.ready, second.changes]).toEqual([[false], ['o1 1', 'o1 2']]);
    expect(world.feed.said.filter(({ type }) => type === 'subscribe')).toHaveLength(1);
  });

  it('ends with the last who watches, and so does the socket', async () => {
    const [one, other] = [watch(), watch()];
    await moment();
    one.stop();
    one.stop();
    world.feed.order('o1', 'anna');
    other.stop();
    world.feed.order('o1', 'anna');
    expect([one.changes, other.changes]).toEqual([[], ['o1 1']]);
    await world.time.advance(2_000);
    expect(world.feed.sockets).toHaveLength(0);
    expect(shop.live.state.status).toBe('idle');
    expect(world.time.pending()).toBe(0);
  });

  it('goes on over the same socket from one screen to the next', async () => {
    watch().stop();
    await moment();
    const { changes } = watch();
    await moment();
    world.feed.order('o1', 'anna');
    expect(changes).toEqual(['o1 1']);
    expect(world.feed.upgrades).toBe(1);
  });

  it("keeps what is one's own apart from what staff watch", async () => {
    const [own, all] = [watch(mine), watch({ scope: 'all' })];
    await moment();
    world.feed.order('o1', 'boris');
    expect([own.changes, all.changes]).toEqual([[], ['o1 1']]);
  });

  it('one who breaks keeps nobody else from hearing', async () => {
    shop.live.watch(mine, {
      change() {
        throw 'broken screen';
      },
    });
    const { changes } = watch();
    await moment();
    world.feed.order('o1', 'anna');
    expect([changes, world.faults]).toEqual([['o1 1'], ['broken screen']]);
  });

  it('a thousand things is asked for no faster than the shop takes it', async () => {
    for (let n = 0; n < 100; n += 1) watch({ orderId: `o${n}` });
    await moment();
    expect(world.feed.said.length).toBeLessThanOrEqual(40);
    await world.time.advance(10_000);
    expect(world.feed.said.filter(({ type }) => type === 'subscribe')).toHaveLength(100);
  });

  it('what the shop will not tell is refused', async () => {
    const all = watch({ scope: 'all' });
    const one = watch({ orderId: 'o9' });
    await moment();
    server().raw('{"type":"error","data":{"code":"forbidden","message":"only staff"}}');
    server().raw('{"type":"error","data":{"code":"order_not_found","message":"none","orderId":"o9"}}');
    expect([all.refused, one.refused]).toEqual([['forbidden'], ['order_not_found']]);
  });

  it('what the shop cannot tell now is asked for again', async () => {
    watch({ orderId: 'o1' });
    await moment();
    server().raw('{"type":"error","data":{"code":"unavailable","message":"lags","orderId":"o1"}}');
    await world.time.advance(6_000);
    expect(world.feed.said.filter(({ type }) => type === 'subscribe')).toHaveLength(2);
  });
});

describe('after a break', () => {
  it('what was missed comes in order, once, and it is told how much that was', async () => {
    const { changes, ready } = watch();
    await moment();
    world.feed.order('o1', 'anna');
    server().cut();
    world.feed.order('o1', 'anna');
    world.feed.order('o2', 'anna');
    world.feed.order('o1', 'anna');
    expect(shop.live.state.status).toBe('reconnecting');
    await world.time.advance(2_000);
    expect(changes).toEqual(['o1 1', 'o1 2', 'o2 1', 'o1 3']);
    expect(ready).toEqual([false, true]);
    expect(shop.live.state).toEqual({ status: 'live', caughtUp: 3 });
  });

  it('that lasted too long the state is to be read again', async () => {
    const { ready } = watch();
    await moment();
    server().cut();
    world.feed.forgetPast();
    await world.time.advance(2_000);
    expect(ready).toEqual([false, false]);
  });

  it('one who began to watch meanwhile is told to read the state, those from before are not', async () => {
    const before = watch();
    await moment();
    server().cut();
    const meanwhile = watch();
    await world.time.advance(2_000);
    expect([before.ready, meanwhile.ready]).toEqual([[false, true], [false]]);
  });

  it('a crowd comes back one by one, later and later, never later than half a minute', async () => {
    world.feed.accepts = false;
    watch();
    const gaps: number[] = [];
    for (let last = 0, seen = 0; gaps.length < 10;) {
      await world.time.advance(50);
      if (world.feed.upgrades === seen) continue;
      seen = world.feed.upgrades;
      gaps.push(world.time.monotonicMs() - last);
      last = world.time.monotonicMs();
    }
    const [, second = 0, third = 0] = gaps;
    expect(third).toBeGreaterThan(second);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000 + 100); // half of 30 s: the dice of this test always show 0.5
  });

  it('behind a proxy without websockets it says to poll, and goes on trying', async () => {
    world.feed.accepts = false;
    const { changes } = watch();
    await world.time.advance(5_000);
    expect(shop.live.state.status).toBe('polling');
    world.feed.accepts = true;
    await world.time.advance(30_000);
    world.feed.order('o1', 'anna');
    expect([shop.live.state.status, changes]).toEqual(['live', ['o1 1']]);
  });

  it('it is back at once when the network is', async () => {
    watch();
    await moment();
    world.network(false);
    await world.time.advance(120_000);
    const upgrades = world.feed.upgrades;
    await world.time.advance(20_000);
    expect(world.feed.upgrades - upgrades).toBeLessThanOrEqual(1);
    world.network(true);
    await world.time.advance(10);
    expect(shop.live.state.status).toBe('live');
  });

  it('"try now" tries now', async () => {
    world.feed.accepts = false;
    watch();
    await world.time.advance(20_000);
    world.feed.accepts = true;
    shop.live.reconnect();
    await world.time.advance(10);
    expect(shop.live.state.status).toBe('live');
  });

  it('nobody noticed: silence is found out', async () => {
    const { changes } = watch();
    await moment();
    server().freeze();
    world.feed.order('o1', 'anna');
    await world.time.advance(40_000);
    expect(changes).toEqual(['o1 1']);
  });

  it('looking at the page again finds out at once whether the socket has survived', async () => {
    watch();
    await moment();
    server().freeze();
    shop.live.reconnect();
    await world.time.advance(11_000);
    expect([shop.live.state.status, world.feed.upgrades]).toEqual(['live', 2]);
  });
});

describe('a socket that the shop closes', () => {
  const upgradesWithin = async (ms: number): Promise<number> => {
    const before = world.feed.upgrades;
    await world.time.advance(ms);
    return world.feed.upgrades - before;
  };

  it.each([
    ['4408, for being slow', 4408, '', 300],
    ['1009, for too large a frame', 1009, '', 300],
    ['1006, without a word', 1006, '', 300],
    ['1012, with the moment to come back', 1012, 'restarting; come back in 4000 ms', 4_010],
  ])('%s is opened again soon, and goes on where it was', async (_why, code, reason, ms) => {
    const { ready } = watch();
    await moment();
    server().close(code, reason);
    if (ms > 1_000) expect(await upgradesWithin(ms - 100)).toBe(0);
    expect(await upgradesWithin(ms)).toBe(1);
    expect([shop.live.state.status, ready]).toEqual(['live', [false, true]]);
  });

  it('4429, for too many, stays closed for a while', async () => {
    watch();
    await moment();
    server().close(4429);
    expect(await upgradesWithin(5_000)).toBe(0);
    expect(await upgradesWithin(30_000)).toBe(1);
  });

  it('4401, with a token that has run out, is opened with the next one at once', async () => {
    watch();
    await moment();
    world.identity.expireTokens();
    server().close(4401);
    expect(await upgradesWithin(10)).toBe(1);
    expect([world.identity.refreshes, shop.live.state.status]).toEqual([1, 'live']);
  });

  it('4403, for a session that was ended, stays closed', async () => {
    watch();
    await moment();
    world.identity.revoke('anna');
    server().close(4403);
    expect(await upgradesWithin(60_000)).toBe(0);
    expect([shop.live.state.status, shop.session.state]).toEqual(['signed-out', { status: 'signed-out', ended: true }]);
  });

  it('4403, for a role that was taken away, is opened with what is left', async () => {
    watch();
    await moment();
    world.identity.giveRole('anna', 'staff');
    server().close(4403);
    expect(await upgradesWithin(10)).toBe(1);
    expect(shop.session.state).toMatchObject({ user: { roles: ['customer', 'staff'] } });
  });

  it('refused before the upgrade for a token that only seems good is opened with another', async () => {
    world.identity.expireTokens();
    watch();
    await world.time.advance(10_000);
    expect([world.identity.refreshes, shop.live.state.status]).toEqual([1, 'live']);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['no JSON', '{"type":'],
    ['bytes', new ArrayBuffer(1)],
    ['no change', '{"type":"order.cancelled","data":{}}'],
  ])('%s makes a new connection, on which nothing is missed', async (_what, raw) => {
    const { changes } = watch();
    await moment();
    world.feed.order('o1', 'anna');
    server().raw(raw);
    world.feed.order('o1', 'anna');
    await moment();
    expect([changes, world.feed.upgrades]).toEqual([['o1 1', 'o1 2'], 2]);
  });

  it('but is of a newer shop is passed over', async () => {
    watch();
    await moment();
    server().raw('{"type":"weather.changed","data":{}}');
    await moment();
    expect(world.feed.upgrades).toBe(1);
  });
});

describe('a session', () => {
  it('goes on over the same socket when its token is renewed', async () => {
    const { changes } = watch();
    await world.time.advance(3_600_000);
    world.feed.order('o1', 'anna');
    expect([changes, world.feed.upgrades]).toEqual([['o1 1'], 1]);
    expect(world.feed.said.filter(({ type }) => type === 'authenticate').length).toBeGreaterThanOrEqual(6);
  });

  it('that ends closes the socket', async () => {
    watch();
    await moment();
    await shop.session.signOut();
    expect([world.feed.sockets.length, shop.live.state.status]).toEqual([0, 'signed-out']);
  });

  it('that begins opens it', async () => {
    await shop.session.signOut();
    const { ready } = watch();
    await moment();
    expect([ready, shop.live.state.status]).toEqual([[], 'signed-out']);
    await shop.session.signIn(anna);
    await moment();
    expect(ready).toEqual([false]);
  });

  it('of somebody else starts from nothing', async () => {
    const { changes, ready } = watch();
    await moment();
    world.feed.order('o1', 'anna');
    await shop.session.signIn({ login: 'boris', password: 'secret' });
    await moment();
    world.feed.order('o1', 'anna');
    world.feed.order('o2', 'boris');
    expect([changes, ready]).toEqual([
      ['o1 1', 'o2 1'],
      [false, false],
    ]);
    expect(world.feed.said.every(({ after }) => after === undefined)).toBe(true);
  });
});

describe('points', () => {
  it('of several topics may change out of turn, and none is dropped', async () => {
    const { changes } = watch();
    await moment();
    for (const version of [2, 1, 3, 3]) world.feed.points('anna', version);
    expect(changes).toEqual(['anna 2', 'anna 1', 'anna 3']);
  });
});
