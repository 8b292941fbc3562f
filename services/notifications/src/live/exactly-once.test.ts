import { createVirtualTime } from '@g-store/runtime';
import fc from 'fast-check';
import { createShop, partitionOf, type Client, type Frame, type Instance } from './shop.fake.js';
import type { Target } from './session.js';

/**
 * I15 and I16: whatever the pace of the instances, of the projection and of the database, and however often somebody
 * drops and goes on elsewhere: every change of their own orders, in order, once, and nothing of anybody else.
 */
const users = ['ann', 'bob'] as const;
const ordersOf = { ann: ['a0', 'a1', 'c0'], bob: ['b0', 'b1'] } as const;
const owners = new Map<string, string>(users.flatMap((user) => ordersOf[user].map((order) => [order, user])));
const orders = [...owners.keys()];
const statuses = ['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];
const INSTANCES = 3;

type Step =
  | { readonly do: 'tell'; readonly order: string }
  | { readonly do: 'repeat'; readonly partition: number; readonly offset: number }
  | { readonly do: 'take'; readonly instance: number; readonly partition: number; readonly most: number }
  | { readonly do: 'project'; readonly partition: number; readonly most: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'drop'; readonly watcher: number; readonly instance: number };

const instance = fc.nat(INSTANCES - 1);
const partition = fc.nat(1);
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('tell' as const), order: fc.constantFrom(...orders) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), partition, offset: fc.nat(8) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('take' as const),
        instance,
        partition,
        most: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('project' as const), partition, most: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('drop' as const), watcher: fc.nat(3), instance }) },
  ),
  { minLength: 5, maxLength: 60 },
);

/** A client that does as the contract says: it keeps the newest position, and goes on from there. */
class Watcher {
  private client: Client | undefined;
  private read = 0;
  private readonly positions = new Map<string, string>();
  readonly versions: { readonly order: string; readonly version: number; readonly isState: boolean }[] = [];

  constructor(
    private readonly shop: ReturnType<typeof createShop>,
    readonly user: string,
    readonly targets: readonly Target[],
  ) {}

  drop(): void {
    this.listen();
    this.client?.leave();
    this.client = undefined;
  }

  goOn(at: Instance): void {
    this.drop();
    this.client = this.shop.connect(at, { userId: this.user });
    this.read = 0;
    for (const target of this.targets) this.client.session.subscribe(target, this.positions.get(nameOf(target)));
  }

  listen(): void {
    const confirmed = new Set(
      this.client?.frames
        .slice(0, this.read)
        .filter(isSubscribed)
        .map(({ data }) => nameOf(data)),
    );
    for (const frame of this.client?.frames.slice(this.read) ?? []) {
      const isState = confirmed.size > 0 && this.awaitsState(frame);
      if (isSubscribed(frame)) this.subscribed(frame, confirmed);
      else if (frame.type.startsWith('order.'))
        this.versions.push({ order: String(frame.data['orderId']), version: Number(frame.data['version']), isState });
      if (frame.position !== undefined)
        for (const name of confirmed) if (!this.stateless.has(name)) this.positions.set(name, frame.position);
    }
    this.read = this.client?.frames.length ?? 0;
  }

  /** Orders whose state has been promised and not come: going on from a position would leave it out. */
  private readonly stateless = new Set<string>();

  private subscribed({ data }: Frame, confirmed: Set<string>): void {
    confirmed.add(nameOf(data));
    if (data['orderId'] !== undefined && data['recovered'] === false) this.stateless.add(nameOf(data));
  }

  private awaitsState({ type, data }: Frame): boolean {
    return type.startsWith('order.') && this.stateless.delete(String(data['orderId']));
  }
}

const isSubscribed = ({ type }: Frame): boolean => type === 'subscribed';
const nameOf = (of: object): string =>
  String((of as Record<string, unknown>)['orderId'] ?? (of as Record<string, unknown>)['scope']);

describe('a subscriber, whatever happens on the way', () => {
  const run = async (
    plan: readonly Step[],
    databaseMs: number,
    check: (watchers: readonly Watcher[], told: ReadonlyMap<string, number>) => void,
  ): Promise<void> => {
    const time = createVirtualTime();
    const shop = createShop(time);
    const { read } = shop.states;
    shop.states.read = async (...asked) => {
      const answer = await read(...asked);
      await time.sleep(databaseMs);
      return answer;
    };
    const instances = Array.from({ length: INSTANCES }, () => shop.start());
    const at = (index: number): Instance => instances[index] as Instance;
    const told = new Map<string, number>();
    const watchers = [
      new Watcher(shop, 'ann', [{ scope: 'mine' }]),
      new Watcher(shop, 'bob', [{ scope: 'mine' }]),
      new Watcher(shop, 'ann', [{ orderId: 'a0' }]),
      new Watcher(shop, 'ann', [{ orderId: 'a0' }, { orderId: 'a1' }, { orderId: 'b0' }]),
    ];
    watchers.forEach((watcher, index) => watcher.goOn(at(index % INSTANCES)));
    await time.advance(databaseMs + 20);

    for (const step of plan) {
      switch (step.do) {
        case 'tell': {
          const version = (told.get(step.order) ?? 0) + 1;
          if (version > statuses.length) break;
          told.set(step.order, version);
          shop.tell(step.order, owners.get(step.order) ?? '', statuses[version - 1] ?? '');
          break;
        }
        case 'repeat':
          shop.repeat('orders', step.partition, step.offset);
          break;
        case 'take':
          at(step.instance).take('orders', step.partition, step.most);
          break;
        case 'project':
          shop.project(step.partition, step.most);
          break;
        case 'wait':
          await time.advance(step.ms);
          break;
        case 'drop':
          watchers[step.watcher]?.goOn(at(step.instance));
      }
      watchers.forEach((watcher) => watcher.listen());
    }
    shop.projectAll();
    instances.forEach((each) => each.takeAll());
    await time.advance(databaseMs + 50);
    watchers.forEach((watcher) => watcher.listen());
    // Once more elsewhere: whatever was not told yet is told now.
    watchers.forEach((watcher, index) => watcher.goOn(at((index + 1) % INSTANCES)));
    await time.advance(databaseMs + 50);
    watchers.forEach((watcher) => watcher.listen());
    check(watchers, told);
  };

  const databases = fc.constantFrom(0, 3, 25);
  const runs = { numRuns: 300 };

  it('gets every change of its own orders after its position, in order, once, and nothing of anybody else', () =>
    fc.assert(
      fc.asyncProperty(steps, databases, (plan, databaseMs) =>
        run(plan, databaseMs, ([ann, bob]) => {
          for (const watcher of [ann, bob]) {
            const user = watcher?.user as keyof typeof ordersOf;
            for (const { order } of watcher?.versions ?? []) expect(owners.get(order)).toBe(user);
          }
        }),
      ),
      runs,
    ));

  it('that watches “mine” misses nothing and gets nothing twice', () =>
    fc.assert(
      fc.asyncProperty(steps, databases, (plan, databaseMs) =>
        run(plan, databaseMs, ([ann, bob], told) => {
          for (const watcher of [ann, bob])
            for (const order of ordersOf[watcher?.user as keyof typeof ordersOf]) {
              const heard = watcher?.versions.filter((one) => one.order === order).map(({ version }) => version);
              expect(heard).toEqual(Array.from({ length: told.get(order) ?? 0 }, (_, index) => index + 1));
            }
        }),
      ),
      runs,
    ));

  it('that watches an order gets its state and then each change, without a gap and never an older one after a newer', () =>
    fc.assert(
      fc.asyncProperty(steps, databases, (plan, databaseMs) =>
        run(plan, databaseMs, (watchers, told) => {
          const one = watchers[2]?.versions ?? [];
          for (const [index, { version, isState }] of one.entries()) {
            const before = one[index - 1]?.version ?? 0;
            if (isState || index === 0) expect(version).toBeGreaterThanOrEqual(before);
            else expect(version).toBe(before + 1);
          }
          expect(one.at(-1)?.version ?? 0).toBe(told.get('a0') ?? 0);
        }),
      ),
      runs,
    ));

  it('that watches several orders on one socket misses nothing of any of them, and nothing of a stranger’s is among it', () =>
    fc.assert(
      fc.asyncProperty(steps, databases, (plan, databaseMs) =>
        run(plan, databaseMs, (watchers, told) => {
          const several = watchers[3]?.versions ?? [];
          for (const order of ['a0', 'a1']) {
            const heard = several.filter((one) => one.order === order);
            expect(heard.at(-1)?.version ?? 0).toBe(told.get(order) ?? 0);
            heard.forEach(({ version, isState }, index) => {
              if (!isState && index > 0) expect(version).toBeLessThanOrEqual((heard[index - 1]?.version ?? 0) + 1);
            });
          }
          expect(several.filter(({ order }) => order === 'b0')).toEqual([]);
        }),
      ),
      runs,
    ));

  it('knows that an order of partition 1 is in partition 1', () =>
    expect([partitionOf('a0'), partitionOf('a1')]).toEqual([0, 1]));
});
