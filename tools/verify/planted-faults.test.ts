import { isStill } from './quiet.mts';
import {
  verdicts,
  violated,
  spoilt,
  nth,
  change,
  changeRecords,
  changeConsumer,
  truncate,
  breakLedger,
  breakPoints,
  sortHistories,
  changeStream,
  forget,
  retell,
  park,
} from './spoil.fake.mts';
import { checkWorld, healthyWorld, uuidAt, type World } from './world.fake.mts';

it('finds nothing wrong with a shop where nothing went wrong', () => {
  const found = verdicts(healthyWorld());
  expect(new Set(Object.values(found))).toEqual(new Set(['holds']));
  expect(Object.keys(found)).toEqual(['I1', 'I2', 'I3', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12']);
});

it('says that it does not know where there was nothing to look at', () => {
  const empty = spoilt((world) => {
    Object.assign(world, {
      orders: [],
      histories: [],
      payments: [],
      points: [],
      rewards: [],
      notified: [],
      journal: [],
    });
    Object.assign(world, { outbox: [], consumers: [] });
    world.topics = world.topics.map((topic) => ({ ...topic, records: [] }));
    world.ledger = { ...world.ledger, postings: 0, wallets: 0, transfers: 0, payments: 0 };
    world.pointsLedger = { ...world.pointsLedger, accounts: 0, entries: 0, orders: 0 };
    world.after = { ...world.after, outboxes: [], lags: [], orders: { all: 0, pending: [] } };
    world.before = world.after;
  });
  expect(new Set(Object.values(verdicts(empty)))).toEqual(new Set(['unknown']));
});

describe('a fault that was planted is caught by the check that is meant for it:', () => {
  it.each<[string, string[], (world: World) => void]>([
    ['money that came from nowhere', ['I1'], (world) => breakLedger(world, 'I1')],
    ['a balance that its postings do not make', ['I2'], (world) => breakLedger(world, 'I2')],
    ['a wallet below 0', ['I3'], (world) => breakLedger(world, 'I3')],
    ['an order charged twice', ['I5'], (world) => breakLedger(world, 'I5')],
    ['two refunds of an order', ['I8'], (world) => breakLedger(world, 'I8')],

    ['a points balance that its events do not make', ['I2'], (world) => breakPoints(world, 'I2')],
    ['a points balance below 0', ['I3'], (world) => breakPoints(world, 'I3')],
    ['an order that spent points twice', ['I5'], (world) => breakPoints(world, 'I5')],
    ['two points entries of one cause', ['I8'], (world) => breakPoints(world, 'I8')],

    ['a step left out', ['I6'], ({ histories }) => change(histories, 2, { status: 'DELIVERING' })],
    ['a version left out of a history', ['I6'], ({ histories }) => histories.splice(2, 1)],
    [
      'a step after the end',
      ['I6'],
      ({ histories }) =>
        histories.push({ ...nth(histories, 5), version: 7, status: 'CANCELLED' }) && sortHistories(histories),
    ],
    ['a cancelled order that came alive again', ['I6'], ({ histories }) => change(histories, 8, { status: 'PAID' })],
    ['an order that is not where its history ends', ['I6'], ({ histories }) => histories.pop()],
    [
      'a history of no order',
      ['I6'],
      ({ histories }) => histories.push({ orderId: 'z', version: 1, status: 'PENDING', reason: null }),
    ],

    [
      'events that are not published',
      ['I7'],
      (world) => (world.after = { ...world.after, outboxes: [{ service: 'orders', unpublished: 2, newest: 13n }] }),
    ],
    [
      'a consumer that is behind',
      ['I7'],
      (world) =>
        (world.after = {
          ...world.after,
          lags: [{ consumer: 'orders', topic: 'payment.events', partition: 3, behind: 1n }],
        }),
    ],
    [
      'an order that nobody answers for',
      ['I7'],
      (world) => (world.after = { ...world.after, orders: { all: 6, pending: ['o'] } }),
    ],
    ['a request that nobody decides', ['I7'], (world) => (world.after = { ...world.after, undecided: ['request r'] })],
    [
      'a message parked that nobody planted',
      ['I7'],
      (world) => (world.after = { ...world.after, parked: [{ consumer: 'orders', waiting: 1 }] }),
    ],
    [
      'a shop that worked on while it was looked at',
      ['I7'],
      (world) => (world.after = { ...world.after, ends: [14n, 5n] }),
    ],

    [
      'an inbox insert left out',
      ['I8'],
      (world) => changeConsumer(world, 'payments', ({ inbox }) => ({ inbox: inbox.slice(1) })),
    ],
    [
      'an event heard twice',
      ['I8'],
      (world) => changeConsumer(world, 'orders', ({ inbox }) => ({ inbox: [...inbox, nth(inbox, 0)] })),
    ],
    [
      'an event heard that nobody told',
      ['I8'],
      (world) => changeConsumer(world, 'orders', ({ inbox }) => ({ inbox: [...inbox, uuidAt(world.now, 999)] })),
    ],

    [
      'a late committer that the relay skipped',
      ['I9'],
      (world) => world.outbox.push({ ...nth(world.outbox, 0), eventId: uuidAt(world.now, 999) }),
    ],
    ['an event told without an outbox', ['I9'], ({ outbox }) => outbox.splice(4, 1)],
    ['an event twice in the outbox', ['I9'], ({ outbox }) => outbox.push(nth(outbox, 0))],
    ['an event whose bytes were changed on the way', ['I9'], ({ outbox }) => change(outbox, 3, { digest: 'other' })],
    ['a partition chosen at random', ['I9'], ({ outbox }) => change(outbox, 3, { partition: 4 })],
    [
      'bytes in Kafka that nobody can read',
      ['I9'],
      (world) =>
        changeRecords(world, 1, (records) => [...records, { partition: 0, offset: 9n, key: 'k', digest: 'd' }]),
    ],

    [
      'two events of a key turned round',
      ['I10'],
      (world) =>
        changeRecords(world, 0, ([a, b, c, ...rest]) => [a, c, b, ...rest].filter((each) => each !== undefined)),
    ],
    [
      'a repeat with other bytes',
      ['I10'],
      (world) => changeRecords(world, 0, (records) => [...records, { ...nth(records, 0), digest: 'other' }]),
    ],
    [
      'a key in two partitions',
      ['I9', 'I10'],
      (world) =>
        changeRecords(world, 0, ([a, b, ...rest]) =>
          [a, b && { ...b, partition: 1 }, ...rest].filter((each) => each !== undefined),
        ),
    ],

    ['a version gap applied', ['I10', 'I11'], (world) => forget(world, nth(nth(world.topics, 0).records, 2))],
    ['an offset committed before its effect', ['I11'], (world) => changeStream(world, 'payments', 0, { version: 5 })],
    [
      'a key that a consumer never came to',
      ['I11'],
      (world) => changeConsumer(world, 'orders', ({ streams }) => ({ streams: streams.slice(1) })),
    ],
    ['a version applied that was never told', ['I11'], (world) => changeStream(world, 'payments', 0, { version: 7 })],
    [
      'a key held back though nothing of it is parked',
      ['I11'],
      (world) => changeStream(world, 'payments', 0, { hold: 'failed' }),
    ],
    [
      'a parked message overtaken',
      ['I11'],
      (world) =>
        changeConsumer(world, 'payments', ({ streams }) => ({
          parked: [{ topic: 'order.events', key: nth(streams, 0).key, version: 3, state: 'waiting', reason: 'failed' }],
        })),
    ],

    ['an issued order that was not settled', ['I12'], ({ payments }) => change(payments, 0, { state: 'charged' })],
    ['a cancelled order that kept the money', ['I12'], ({ payments }) => change(payments, 1, { state: 'charged' })],
    [
      'a refusal for another reason than the order says',
      ['I12'],
      ({ payments }) => change(payments, 2, { reason: 'NO_PAYMENT_ACCOUNT' }),
    ],
    ['an order charged with another amount', ['I12'], ({ payments }) => change(payments, 3, { amount: 41n })],
    ['an order charged to somebody else', ['I12'], ({ payments }) => change(payments, 3, { owner: 'alice' })],
    ['an order never charged', ['I12'], ({ payments }) => payments.pop()],
    [
      'a charge for an order that nobody placed',
      ['I12'],
      ({ payments }) => payments.push({ ...nth(payments, 0), orderId: 'z' }),
    ],
    [
      'a customer who was not told the end',
      ['I12'],
      ({ notified }) => change(notified, 0, { status: 'DELIVERING', version: 5 }),
    ],
    ['a customer who was told nothing', ['I12'], ({ notified }) => notified.pop()],
    ['a customer who was told another price', ['I12'], ({ notified }) => change(notified, 0, { amount: 1n })],
    ['an order that the journal has never heard of', ['I12'], ({ journal }) => journal.pop()],
    [
      'an order that the journal knows in another state',
      ['I12'],
      ({ journal }) => change(journal, 0, { status: 'PAID' }),
    ],
    ['an order that the journal knows at another price', ['I12'], ({ journal }) => change(journal, 0, { amount: 1n })],
    [
      'an order that only the journal knows',
      ['I12'],
      ({ journal }) => journal.push({ ...nth(journal, 0), orderId: 'z' }),
    ],
    ['somebody else who was told', ['I12'], ({ notified }) => change(notified, 0, { owner: 'ivan' })],

    ['an order that points never heard of', ['I12'], ({ points }) => points.splice(3, 1)],
    [
      'points spent for an order that nobody placed',
      ['I12'],
      ({ points }) => points.push({ ...nth(points, 4), orderId: 'z' }),
    ],
    ['a paid order whose points were not spent', ['I12'], ({ points }) => change(points, 4, { state: 'returned' })],
    ['an order that spent more points than it wanted', ['I12'], ({ points }) => change(points, 4, { points: 71n })],
    ['an order that spent points of somebody else', ['I12'], ({ points }) => change(points, 4, { owner: 'ivan' })],
    [
      'an order that wanted no points and spent some',
      ['I12'],
      ({ points }) => change(points, 3, { state: 'spent', points: 1n }),
    ],
    ['a cancelled order that kept the points', ['I12'], ({ points }) => change(points, 1, { state: 'spent' })],
    ['points returned less than were spent', ['I12'], ({ points }) => change(points, 1, { points: 99n })],
    ['a tombstone that holds points', ['I12'], ({ points }) => change(points, 1, { state: 'cancelled' })],
    [
      'a refusal for points that points did not refuse',
      ['I12'],
      ({ points }) => change(points, 5, { state: 'returned' }),
    ],
    ['a reward that was never earned', ['I12'], ({ points }) => change(points, 0, { earned: null, earnedBy: null })],
    ['a reward earned doubly', ['I12'], ({ points }) => change(points, 0, { earned: 50n })],
    ['a reward earned by somebody else', ['I12'], ({ points }) => change(points, 0, { earnedBy: 'ivan' })],
    [
      'a reward earned before the order was issued',
      ['I12'],
      ({ points }) => change(points, 3, { earned: 25n, earnedBy: 'ivan' }),
    ],
    ['a reward that the order does not show', ['I12'], ({ orders }) => change(orders, 0, { earned: null })],
    ['an issued order whose reward nobody worked out', ['I12'], ({ rewards }) => rewards.pop()],
    [
      'a reward worked out for an order that was not issued',
      ['I12'],
      (world) => change(world.rewards, 0, { orderId: nth(world.orders, 3).id }),
    ],
    [
      'a reward of an order that nobody placed',
      ['I12'],
      ({ rewards }) => rewards.push({ ...nth(rewards, 0), orderId: 'z' }),
    ],

    [
      'an event lost though older ones alone have had their time',
      ['I9'],
      (world) => {
        truncate(world, 0);
        world.outbox.push({ ...nth(world.outbox, 0), eventId: uuidAt(world.now, 999) });
      },
    ],
    [
      'an old event lost though Kafka has forgotten nothing',
      ['I9'],
      (world) => {
        const createdAt = world.now - 8 * 86_400_000;
        world.outbox.push({ ...nth(world.outbox, 0), eventId: uuidAt(createdAt, 999), createdAt });
      },
    ],
    ['a key that begins in the middle', ['I10', 'I11'], (world) => forget(world, nth(nth(world.topics, 0).records, 0))],
    [
      'an old event heard twice',
      ['I8'],
      (world) => {
        const old = uuidAt(world.now - 8 * 86_400_000, 1);
        changeConsumer(world, 'orders', ({ inbox }) => ({ inbox: [...inbox, old, old] }));
      },
    ],
    [
      'a key applied that the topic never had',
      ['I11'],
      (world) =>
        changeConsumer(world, 'orders', ({ streams }) => ({ streams: [...streams, { ...nth(streams, 0), key: 'z' }] })),
    ],
    ['a key not held though something of it is parked', ['I11'], (world) => park(world, 3, { version: 1 })],
    ['a key held that went past what is parked', ['I11'], (world) => park(world, 3, { version: 4, hold: 'failed' })],
    ['a topic that tells another end', ['I12'], (world) => retell(world, 5, { to: 'DELIVERING' })],
    ['a topic that tells another price', ['I12'], (world) => retell(world, 0, { amount: 1n })],
    [
      'an order told that nobody placed',
      ['I12'],
      (world) => {
        const lists: unknown[][] = [world.orders, world.payments, world.points, world.notified, world.journal];
        for (const list of lists) list.pop();
        world.histories.splice(-2);
      },
    ],
    [
      'news of an order that nobody placed',
      ['I12'],
      ({ notified }) => notified.push({ ...nth(notified, 0), orderId: 'z' }),
    ],
    ['a refund of another amount', ['I12'], ({ payments }) => change(payments, 1, { amount: 299n })],
    ['a tombstone that holds money', ['I12'], ({ payments }) => change(payments, 1, { state: 'cancelled' })],
    [
      'a refund of an order that payments had refused',
      ['I12'],
      ({ payments }) => change(payments, 2, { state: 'refunded' }),
    ],
  ])('%s', (_, caughtBy, spoil) => {
    expect(violated(spoilt(spoil))).toEqual(caughtBy);
  });
});

it('says where a history has a hole', () => {
  const found = checkWorld(spoilt(({ histories }) => change(histories, 5, { version: 7 }))).find(
    ({ id }) => id === 'I6',
  );
  expect(found?.violations[0]).toMatchObject({ is: 'follows version 5', shouldBe: 'version 6' });
});

it('waits for outboxes, consumers and payments, but not for what is parked', () => {
  const { after } = healthyWorld();
  const [outbox, lag] = [nth(after.outboxes, 0), nth(after.lags, 0)];
  expect(isStill(after)).toBe(true);
  expect(isStill({ ...after, parked: [{ consumer: 'orders', waiting: 1 }] })).toBe(true);
  expect(isStill({ ...after, outboxes: [outbox, { ...outbox, unpublished: 1 }] })).toBe(false);
  expect(isStill({ ...after, lags: [lag, { ...lag, behind: 1n }] })).toBe(false);
  expect(isStill({ ...after, orders: { all: 1, pending: ['o'] } })).toBe(false);
  expect(isStill({ ...after, undecided: ['request r'] })).toBe(false);
});

it('shows what it saw and what should have been there', () => {
  const [finding] = checkWorld(spoilt(({ payments }) => change(payments, 3, { amount: 41n }))).slice(-1);
  expect(finding?.violations).toEqual([
    {
      what: expect.stringMatching(/^order .*: ivan: PAID 40 version 2$/),
      is: 'payments: ivan: charged 41',
      shouldBe: 'charged 40',
    },
  ]);
});
