import { randomUUID } from 'node:crypto';
import { topics, type OrderStatus } from '@g-store/contracts';
import { createKafkaBroker, ensureTopics, type Broker, type OutgoingRecord } from '@g-store/messaging';
import { silentLog } from '@g-store/runtime';
import {
  createDatabase,
  eventually,
  startKafka,
  testTokens,
  type KafkaCluster,
  type KafkaNode,
} from '@g-store/testing';
import { readNotificationsSettings } from '../src/config.js';
import { notificationsMigration } from '../src/migrations/001-notifications.js';
import { pointsMigration } from '../src/migrations/002-points.js';
import { startNotifications } from '../src/service.js';
import {
  environmentOf,
  instanceOf,
  lastPosition,
  subscribed,
  told,
  type Instance,
  type Socket,
} from './running-notifications.js';
import { createStoryteller, newOrder, type TestOrder } from './storyteller.js';

jest.setTimeout(180_000);

const path: readonly OrderStatus[] = ['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];
const whole = path.map((status, at) => `${status} ${at + 1}`);

describe('the live feed on a real Kafka', () => {
  const resources = new AsyncDisposableStack();
  const tokens = testTokens();
  let kafka: KafkaCluster;
  let broker: Broker;
  let instances: readonly [Instance, Instance];

  beforeAll(async () => {
    kafka = resources.use(await startKafka());
    await ensureTopics({ brokers: kafka.brokers, topics: Object.values(topics), log: silentLog });
    const database = resources.use(await createDatabase({ migrations: [notificationsMigration, pointsMigration] }));
    const keys = resources.use(await tokens.serve());
    const environment = {
      ...environmentOf(database, keys.jwksUrl, randomUUID()),
      KAFKA_BROKERS: kafka.brokers.join(','),
    };
    const start = async (): Promise<Instance> =>
      resources.use(await instanceOf(await startNotifications(readNotificationsSettings(environment)), 60_000));
    broker = createKafkaBroker({ brokers: kafka.brokers, clientId: 'storyteller', log: silentLog });
    resources.defer(() => broker.close());
    instances = [await start(), await start()];
  });
  afterAll(() => resources.disposeAsync());

  /** As the relay does: the identical batch until it is acknowledged, so that a part of it may be there twice. */
  const append = (records: readonly OutgoingRecord[]): Promise<void> =>
    eventually(() => broker.append(records), { within: 60_000, every: 50 });
  const { records } = createStoryteller({ append: () => Promise.reject(new Error('not this way')) });
  const story = (order: TestOrder): readonly OutgoingRecord[] => [
    records.placed(order),
    ...path.slice(1).map((to, at) => records.moved(order, path[at] ?? 'PENDING', to)),
  ];
  const open = async (owner: string, at: Instance): Promise<Socket> =>
    resources.use(await at.open({ token: tokens.issue({ sub: owner }) }));

  it('feed rejoin loses nothing and repeats nothing', async () => {
    const owner = randomUUID();
    const [node] = kafka.nodes as readonly [KafkaNode];
    const sockets = await Promise.all(instances.map((instance) => open(owner, instance)));
    for (const socket of sockets) await subscribed(socket, { scope: 'mine' });
    const orders = Array.from({ length: 30 }, () => newOrder(owner));
    for (const [at, order] of orders.entries()) {
      const [first, ...rest] = story(order);
      await append([first as OutgoingRecord]);
      if (at === 10) await node.kill('SIGKILL');
      if (at === 10) await node.start();
      await append(rest);
      // As from a relay that took over: again, under other offsets.
      if (at === 12) await append(rest);
    }
    for (const socket of sockets) {
      // Of all of them: the last one's partition may be ahead of another's.
      await eventually(() => expect(orders.map(({ id }) => told(socket, id))).toEqual(orders.map(() => whole)), {
        within: 60_000,
      });
    }
  });

  it('goes on from any position, on whichever instance', async () => {
    const owner = randomUUID();
    const orders = Array.from({ length: 12 }, () => newOrder(owner));
    const stories = orders.map(story);
    const heard = new Map<string, string[]>(orders.map(({ id }) => [id, []]));
    let socket = await open(owner, instances[0]);
    await subscribed(socket, { scope: 'mine' });
    for (let version = 0; version < path.length; version += 1) {
      await append(stories.slice(0, 6).map((told) => told[version] as OutgoingRecord));
      // Cut off somewhere in the middle of it.
      await eventually(() => socket.frames.length > 1 + version, { within: 20_000, every: 1 });
      socket.terminate();
      await append(stories.slice(6).map((told) => told[version] as OutgoingRecord));
      for (const { id } of orders) heard.get(id)?.push(...told(socket, id));
      const position = lastPosition(socket);
      socket = await open(owner, instances[(version + 1) % 2] as Instance);
      expect((await subscribed(socket, { scope: 'mine', after: position })).data['recovered']).toBe(true);
    }
    await eventually(
      () => {
        for (const { id } of orders) expect([...(heard.get(id) ?? []), ...told(socket, id)]).toEqual(whole);
      },
      { within: 30_000 },
    );
  });

  it('tells the state of an order from before its own start', async () => {
    const order = newOrder(randomUUID());
    await append(story(order).slice(0, 2));
    for (const instance of instances) {
      const socket = await open(order.owner, instance);
      await subscribed(socket, { orderId: order.id });
      await eventually(() => expect(told(socket)).toContain('PAID 2'), { within: 20_000 });
    }
  });
});
