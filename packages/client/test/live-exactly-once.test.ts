import * as fc from 'fast-check';
import type { Target } from '../src/index.js';
import { createWorld } from './world.js';

type Step =
  | { readonly do: 'happen'; readonly order: number }
  | { readonly do: 'cut' | 'freeze' | 'malformed' | 'renew' | 'offline' | 'online' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'watch' | 'unwatch'; readonly order: number };

const step = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('happen' as const), order: fc.integer({ min: 0, max: 3 }) }), weight: 6 },
  {
    arbitrary: fc.record({ do: fc.constantFrom('cut', 'freeze', 'malformed', 'renew', 'offline', 'online') }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3_000 })),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      do: fc.constantFrom('watch' as const, 'unwatch' as const),
      order: fc.integer({ min: 0, max: 3 }),
    }),
    weight: 2,
  },
) satisfies fc.Arbitrary<Step>;

/** Whatever breaks and whenever: who watches hears of every change, once, in order. */
async function live(steps: readonly Step[], target: Target): Promise<void> {
  const world = createWorld();
  world.feed.latencyMs = 20;
  const shop = world.openTab();
  await shop.session.signIn({ login: 'anna', password: 'secret' });
  const heard: string[] = [];
  const happened: string[] = [];
  const orders = new Map<number, { readonly versions: number[]; readonly stop: () => void }>();
  shop.live.watch(target, {
    change: ({ data }) => heard.push(`${'orderId' in data ? data.orderId : ''} ${data.version}`),
  });
  await world.time.advance(1_000);
  const count = new Map<number, number>();

  for (const each of steps) {
    switch (each.do) {
      case 'happen': {
        const version = (count.get(each.order) ?? 0) + 1;
        count.set(each.order, version);
        happened.push(`o${each.order} ${version}`);
        world.feed.order(`o${each.order}`, 'anna');
        break;
      }
      case 'cut':
      case 'freeze':
        world.feed.sockets.forEach((socket) => socket[each.do as 'cut']());
        break;
      case 'malformed':
        world.feed.sockets.forEach((socket) => socket.raw('{'));
        break;
      case 'renew':
        world.identity.expireTokens();
        world.feed.sockets.forEach((socket) => socket.close(4401));
        break;
      case 'offline':
      case 'online':
        world.network(each.do === 'online');
        break;
      case 'wait':
        await world.time.advance(each.ms);
        break;
      case 'watch': {
        if (orders.has(each.order)) break;
        const versions: number[] = [];
        const stop = shop.live.watch(
          { orderId: `o${each.order}` },
          { change: ({ data }) => versions.push(data.version) },
        );
        orders.set(each.order, { versions, stop });
        break;
      }
      case 'unwatch':
        orders.get(each.order)?.stop();
        orders.delete(each.order);
    }
  }
  world.network(true);
  await world.time.advance(120_000);

  expect(heard).toEqual(happened);
  for (const [order, { versions }] of orders) {
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions.at(-1)).toBe(count.get(order));
  }
  shop.close();
  expect(world.time.pending()).toBe(0);
}

describe('whatever breaks, and whenever', () => {
  it("every change of one's own is heard once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => live(steps, { scope: 'mine' })),
      { numRuns: 150 },
    );
  });

  it('every change that staff watch is heard once, also beside single orders on the same socket', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => live(steps, { scope: 'all' })),
      { numRuns: 150 },
    );
  });
});
