import { checkAgreement } from './agreement.mts';
import { checkDelivery, checkOrder } from './events.mts';
import type {
  ConsumerFacts,
  HistoryFact,
  JournalFact,
  NotifiedFact,
  OrderFact,
  OutboxFact,
  PaymentFact,
  PointsFact,
  RewardFact,
  StreamFact,
  TopicFacts,
  TopicRecord,
} from './facts.mts';
import { examine, type Finding } from './finding.mts';
import { checkHistories } from './histories.mts';
import { checkInboxes, checkStreams } from './inboxes.mts';
import { checkMoney, checkTransfers, type LedgerFacts, type PointsLedgerFacts } from './money.mts';
import { checkStillness, type Stillness } from './quiet.mts';

/** Whatever the checks look at, to be spoilt one thing at a time. */
export interface World {
  now: number;
  orders: OrderFact[];
  histories: HistoryFact[];
  payments: PaymentFact[];
  points: PointsFact[];
  rewards: RewardFact[];
  notified: NotifiedFact[];
  journal: JournalFact[];
  outbox: OutboxFact[];
  topics: TopicFacts[];
  consumers: ConsumerFacts[];
  ledger: LedgerFacts;
  pointsLedger: PointsLedgerFacts;
  before: Stillness;
  after: Stillness;
}

const now = Date.UTC(2026, 2, 1);
const retentionMs = 7 * 86_400_000;

/** `at` ms since the epoch, told apart by `n`. */
export const uuidAt = (at: number, n: number): string => {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
};

type Told = readonly [owner: string, reason: string | null, amount: bigint, path: readonly string[], points?: bigint];
const paths: readonly Told[] = [
  ['alice', null, 500n, ['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED']],
  ['alice', 'CHANGED_MIND', 300n, ['PENDING', 'PAID', 'CANCELLED'], 100n],
  ['ivan', 'INSUFFICIENT_FUNDS', 900n, ['PENDING', 'CANCELLED']],
  ['ivan', null, 40n, ['PENDING', 'PAID']],
  ['alice', null, 70n, ['PENDING', 'PAID'], 70n],
  ['ivan', 'INSUFFICIENT_POINTS', 80n, ['PENDING', 'CANCELLED'], 8n],
];
const REWARD = 25n;

const stateOfPoints = (status: string, reason: string | null, points: bigint): string => {
  if (points === 0n) return status === 'CANCELLED' ? 'cancelled' : 'none';
  if (reason === 'INSUFFICIENT_POINTS') return 'refused';
  return status === 'CANCELLED' ? 'returned' : 'spent';
};

const paymentOf = (status: string, reason: string | null): string => {
  if (status === 'ISSUED') return 'settled';
  if (status !== 'CANCELLED') return 'charged';
  return reason === 'INSUFFICIENT_FUNDS' ? 'refused' : 'refunded';
};

/** Six orders that went as they should, and everything that is left of them everywhere. */
export function healthyWorld(): World {
  let n = 0;
  const id = () => uuidAt(now - 3_600_000, (n += 1));
  const orders: OrderFact[] = [];
  const histories: HistoryFact[] = [];
  const payments: PaymentFact[] = [];
  const points: PointsFact[] = [];
  const rewards: RewardFact[] = [];
  const notified: NotifiedFact[] = [];
  const journal: JournalFact[] = [];
  const [orderRecords, paymentRecords]: [TopicRecord[], TopicRecord[]] = [[], []];
  const tell = (
    records: TopicRecord[],
    [key, version, owner]: readonly [string, number, string],
    event: { case: string; value: Record<string, unknown> },
  ): void => {
    const eventId = id();
    records.push({
      partition: 0,
      offset: BigInt(records.length),
      key,
      digest: `digest of ${eventId}`,
      event: { id: eventId, version, owner, ...event },
    });
  };
  for (const [owner, reason, amount, path, pointsToSpend = 0n] of paths) {
    const orderId = id();
    const status = path.at(-1) ?? '';
    const earned = status === 'ISSUED' ? REWARD : null;
    orders.push({ id: orderId, owner, amount, pointsToSpend, status, reason, version: path.length, earned });
    const pointsState = stateOfPoints(status, reason, pointsToSpend);
    points.push({ orderId, owner, state: pointsState, points: pointsToSpend, earned, earnedBy: earned && owner });
    if (earned !== null) rewards.push({ orderId, owner, points: earned });
    notified.push({ orderId, owner, status, version: path.length, amount });
    journal.push({ orderId, owner, status, version: path.length, amount });
    const state = paymentOf(status, reason);
    payments.push({
      orderId,
      owner,
      state,
      amount: amount - pointsToSpend,
      reason: state === 'refused' ? reason : null,
    });
    tell(paymentRecords, [orderId, 1, owner], { case: 'processed', value: {} });
    if (state === 'refunded') tell(paymentRecords, [orderId, 2, owner], { case: 'refunded', value: {} });
    for (const [index, each] of path.entries()) {
      const final = each === 'CANCELLED';
      histories.push({ orderId, version: index + 1, status: each, reason: final ? reason : null });
      const moved = { case: 'statusChanged', value: { from: path[index - 1], to: each } };
      const created = { case: 'created', value: { amount } };
      const cancelled = { case: 'cancelled', value: { reason } };
      tell(orderRecords, [orderId, index + 1, owner], index === 0 ? created : final ? cancelled : moved);
    }
  }
  const topics = [topic('order.events', orderRecords), topic('payment.events', paymentRecords)];
  const still: Stillness = {
    outboxes: [{ service: 'orders', unpublished: 0, newest: 13n }],
    lags: [{ consumer: 'payments', topic: 'order.events', partition: 0, behind: 0n }],
    ends: [13n, 5n],
    parked: [],
    orders: { all: 6, pending: [] },
    undecided: [],
  };
  return {
    now,
    orders,
    histories,
    payments,
    points,
    rewards,
    notified,
    journal,
    topics,
    outbox: topics.flatMap(({ name, records }) => records.map((record) => toOutbox(name, record))),
    consumers: [
      consumer('orders', topics.slice(1)),
      consumer('payments', topics.slice(0, 1)),
      consumer('notifications', topics),
    ],
    ledger: { broken: { I1: [], I2: [], I3: [], I5: [], I8: [] }, postings: 8, wallets: 2, transfers: 4, payments: 4 },
    pointsLedger: { broken: { I2: [], I3: [], I5: [], I8: [] }, accounts: 2, entries: 5, orders: 6 },
    before: still,
    after: still,
  };
}

const topic = (name: string, records: TopicRecord[]): TopicFacts => ({
  name,
  retentionMs,
  records,
  ends: new Map([[0, { low: 0n, high: BigInt(records.length) }]]),
});

const toOutbox = (name: string, { partition, key, digest, event }: TopicRecord): OutboxFact => ({
  topic: name,
  partition,
  key,
  eventId: event?.id ?? '',
  digest,
  createdAt: now - 3_600_000,
});

function consumer(name: string, topics: readonly TopicFacts[]): ConsumerFacts {
  const streams = new Map<string, StreamFact>();
  for (const { name: topic, records } of topics)
    for (const { key, event } of records)
      streams.set(`${topic} ${key}`, {
        topic,
        key,
        version: event?.version ?? 0,
        hold: null,
        final: event?.case === 'cancelled',
      });
  return {
    name,
    topics: topics.map((topic) => topic.name),
    inbox: topics.flatMap(({ records }) => records.map(({ event }) => event?.id ?? '')),
    streams: [...streams.values()],
    parked: [],
  };
}

/** Every check there is. */
export function checkWorld(world: World, expected = { parked: 0, foreign: 0 }): readonly Finding[] {
  const { orders, payments, points, rewards, notified, journal, topics, consumers, ledger, pointsLedger, now } = world;
  const once = examine('I8', '', ['inbox rows', 'transfers', 'points entries']);
  checkInboxes(once, consumers, topics, now);
  checkTransfers(once, ledger, pointsLedger);
  return [
    ...checkMoney(ledger, pointsLedger),
    checkHistories(orders, world.histories),
    checkStillness(world.before, world.after, expected.parked),
    once.finding(),
    checkDelivery(world.outbox, topics, { now, foreign: expected.foreign }),
    checkOrder(topics),
    checkStreams(consumers, topics),
    checkAgreement({
      orders,
      payments,
      points,
      rewards,
      notified,
      journal,
      told: topics[0] ?? topic('order.events', []),
    }),
  ];
}
