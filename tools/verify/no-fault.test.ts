import {
  violated,
  spoilt,
  nth,
  change,
  changeRecords,
  changeConsumer,
  truncate,
  changeStream,
  park,
} from './spoil.fake.mts';
import { uuidAt, type World } from './world.fake.mts';

describe('what is no fault is not taken for one:', () => {
  it.each<[string, (world: World) => void]>([
    [
      'an event sent again with the same bytes',
      (world) => changeRecords(world, 0, (records) => [...records, nth(records, 0)]),
    ],
    [
      'an event that Kafka has forgotten after its time',
      (world) => {
        const { event } = nth(nth(world.topics, 0).records, 0);
        changeRecords(world, 0, (records) => records.slice(1));
        truncate(world, 0);
        const old = uuidAt(world.now - 8 * 86_400_000, 1);
        world.outbox = world.outbox.map((row) =>
          row.eventId === event?.id ? { ...row, eventId: old, createdAt: world.now - 8 * 86_400_000 } : row,
        );
        world.consumers = world.consumers.map((each) => ({
          ...each,
          inbox: each.inbox.map((id) => (id === event?.id ? old : id)),
        }));
      },
    ],
    [
      'an event that the outbox has forgotten after its time',
      (world) => {
        const old = uuidAt(world.now - 8 * 86_400_000, 1);
        const { event } = nth(nth(world.topics, 0).records, 0);
        changeRecords(world, 0, (records) =>
          records.map((each) =>
            each.event && each.event === event ? { ...each, event: { ...each.event, id: old } } : each,
          ),
        );
        world.outbox.shift();
        world.consumers = world.consumers.map((each) => ({
          ...each,
          inbox: each.inbox.map((id) => (id === event?.id ? old : id)),
        }));
      },
    ],
    [
      'an order refunded before it was charged',
      ({ payments }) => change(payments, 1, { state: 'cancelled', amount: 0n }),
    ],
    [
      'a cancellation that overtook what was parked',
      (world) => {
        changeStream(world, 'payments', 1, { final: true });
        changeConsumer(world, 'payments', ({ streams }) => ({
          parked: [
            { topic: 'order.events', key: nth(streams, 1).key, version: 2, state: 'superseded', reason: 'failed' },
          ],
        }));
      },
    ],
    [
      'a refusal of an order that its customer cancelled meanwhile',
      ({ payments }) => change(payments, 1, { state: 'refused', reason: 'INSUFFICIENT_FUNDS' }),
    ],
    [
      'an order whose points were asked back before they were spent',
      ({ points }) => change(points, 1, { state: 'cancelled', points: 0n }),
    ],
    [
      'a refusal by points of an order that its customer cancelled meanwhile',
      ({ points }) => change(points, 1, { state: 'refused' }),
    ],
    [
      'an issued order whose goods earn nothing',
      ({ points, rewards, orders }) => {
        change(rewards, 0, { points: 0n });
        change(points, 0, { earned: null, earnedBy: null });
        change(orders, 0, { earned: null });
      },
    ],
    ['a key that waits for what is parked', (world) => park(world, 3, { version: 2, hold: 'failed' })],
  ])('%s', (_, happen) => {
    expect(violated(spoilt(happen))).toEqual([]);
  });

  it('what a test has planted and named', () => {
    const world = spoilt((each) => {
      changeRecords(each, 1, (records) => [...records, { partition: 0, offset: 9n, key: 'k', digest: 'd' }]);
      each.after = { ...each.after, parked: [{ consumer: 'orders', waiting: 1 }] };
    });
    expect(violated(world, { parked: 1, foreign: 1 })).toEqual([]);
    expect(violated(world, { parked: 2, foreign: 2 })).toEqual(['I7', 'I9']);
  });
});
