import { checkAgreement } from './agreement.mts';
import { openSnapshot, type Database } from './databases.mts';
import { checkDelivery, checkOrder } from './events.mts';
import type { ConsumerFacts, OutboxFact } from './facts.mts';
import { examine, type Finding } from './finding.mts';
import { checkHistories } from './histories.mts';
import { checkInboxes, checkStreams } from './inboxes.mts';
import { checkMoney, checkTransfers } from './money.mts';
import { checkStillness } from './quiet.mts';
import {
  readConsumers,
  readHistories,
  readJourneys,
  readLedger,
  readNotified,
  readOrders,
  readOutbox,
  readPayments,
} from './read-databases.mts';
import { readOrdersOfPoints, readPointsLedger, readRewards } from './read-points.mts';
import { lookAround, untilStill, type Stack } from './stillness.mts';
import { askCluster, builtContracts, createClient, readTopics } from './topics.mts';
import { ToolRefused, type Where } from './where.mts';

export interface VerifyOptions {
  /** Seconds to wait for quiet at most; 0 looks at once. */
  readonly wait: number;
  /** Messages that a test has planted: waiting in parking, and lying in Kafka without an outbox. */
  readonly parked: number;
  readonly foreign: number;
  readonly now: number;
  readonly progress: (text: string) => void;
}

export const neededServices = [
  'identity',
  'orders',
  'payments',
  'points',
  'accrual',
  'notifications',
  'journal',
] as const;

/** Looks at every database and topic of a stack and says which invariants hold. */
export async function verifyStack(where: Where, options: VerifyOptions): Promise<readonly Finding[]> {
  const { progress, now, wait, parked, foreign } = options;
  const contracts = await builtContracts();
  const catalogue = Object.values(contracts.topics);
  const kafka = createClient(where.brokers);
  const stack: Stack = { databaseUrls: where.databaseUrls, kafka, catalogue };
  progress(
    wait > 0 ? `waiting until nothing is under way, ${wait} s at most` : 'looking whether anything is under way',
  );
  const before = await (wait > 0
    ? untilStill(stack, wait, ({ outboxes, lags, orders, undecided }) =>
        progress(
          `  ${sum(outboxes.map(({ unpublished }) => unpublished))} events not published, ` +
            `${sum(lags.map(({ behind }) => Number(behind)))} not heard, ` +
            `${orders.pending.length + undecided.length} orders and requests pending`,
        ),
      )
    : lookAround(stack));

  await using databases = new AsyncDisposableStack();
  const byService = new Map<string, Database>();
  for (const [service, url] of Object.entries(where.databaseUrls))
    byService.set(service, databases.use(await openSnapshot(service, url)));
  const of = (service: string): Database => {
    const database = byService.get(service);
    if (database === undefined) throw new ToolRefused(`There is no database of ${service}.`);
    return database;
  };

  progress('reading orders, payments, points, notifications and the journal');
  const orders = await readOrders(of('orders'));
  const histories = await readHistories(of('orders'));
  const ledger = await readLedger(of('payments'));
  const payments = await readPayments(of('payments'));
  const pointsLedger = await readPointsLedger(of('points'));
  const points = await readOrdersOfPoints(of('points'));
  const rewards = await readRewards(of('accrual'));
  const notified = await readNotified(of('notifications'));
  const journal = await readJourneys(of('journal'));
  const outbox: OutboxFact[] = [];
  const consumers: ConsumerFacts[] = [];
  for (const [service, database] of byService) {
    progress(`reading outbox and inbox of ${service}`);
    if (await database.has('outbox')) for (const row of await readOutbox(database, catalogue)) outbox.push(row);
    if (await database.has('inbox')) consumers.push(...(await readConsumers(database)));
  }
  progress(`reading ${catalogue.map(({ name }) => name).join(', ')}`);
  let next = 100_000;
  const topics = await readTopics(kafka, contracts, catalogue, await askCluster(kafka, catalogue), (records) => {
    if (records < next) return;
    progress(`  ${records.toLocaleString('en-US')} records`);
    next = records + 100_000;
  });
  const told = topics.find(({ name }) => name === contracts.topics['orderEvents']?.name);
  if (told === undefined) throw new ToolRefused('The catalogue has no topic of orders.');
  const after = await lookAround(stack);

  const once = examine('I8', "each event's effect happened once: one inbox row, one transfer, one points entry", [
    'inbox rows',
    'transfers',
    'points entries',
  ]);
  checkInboxes(once, consumers, topics, now);
  checkTransfers(once, ledger, pointsLedger);
  return [
    ...checkMoney(ledger, pointsLedger),
    checkHistories(orders, histories),
    checkStillness(before, after, parked),
    once.finding(),
    checkDelivery(outbox, topics, { now, foreign }),
    checkOrder(topics),
    checkStreams(consumers, topics),
    checkAgreement({ orders, payments, points, rewards, notified, journal, told }),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
