import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { openSnapshot, type Database } from './databases.mts';
import { isStill, sameMoment, type Stillness } from './quiet.mts';
import { heardIn } from './read-databases.mts';
import { askCluster, type CatalogueTopic, type Cluster } from './topics.mts';

export interface Stack {
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly kafka: Kafka;
  readonly catalogue: readonly CatalogueTopic[];
}

/** Where the stack stands now. */
export async function lookAround({ databaseUrls, kafka, catalogue }: Stack): Promise<Stillness> {
  const parts: Omit<Stillness, 'ends'>[] = [];
  // The databases first: what they have written by now cannot hide behind a topic that was asked before.
  const readings: { readonly service: string; readonly heard: Heard }[] = [];
  for (const [service, url] of Object.entries(databaseUrls)) {
    await using database = await openSnapshot(service, url);
    parts.push({
      outboxes: await outboxOf(database),
      lags: [],
      parked: await parkedIn(database),
      orders: await ordersIn(database),
      undecided: await undecidedIn(database),
    });
    readings.push({ service, heard: await heardOf(database) });
  }
  const cluster = await askCluster(kafka, catalogue);
  return {
    outboxes: parts.flatMap(({ outboxes }) => outboxes),
    parked: parts.flatMap(({ parked }) => parked),
    lags: readings.flatMap(({ heard }) => lagsOf(heard, cluster)),
    ends: [...cluster.endsByTopic.values()].flatMap((ends) => [...ends.values()].map(({ high }) => high)),
    undecided: parts.flatMap(({ undecided }) => undecided),
    orders: {
      all: parts.reduce((sum, { orders }) => sum + orders.all, 0),
      pending: parts.flatMap(({ orders }) => orders.pending),
    },
  };
}

/** Looks until nothing is under way, for so many seconds at most, and answers with the last look. */
export async function untilStill(
  stack: Stack,
  seconds: number,
  progress: (now: Stillness) => void,
): Promise<Stillness> {
  const end = performance.now() + seconds * 1_000;
  for (let before = await lookAround(stack); ;) {
    await sleep(500);
    const now = await lookAround(stack);
    if ((isStill(now) && sameMoment(before, now)) || performance.now() > end) return now;
    progress(now);
    before = now;
  }
}

async function outboxOf(database: Database): Promise<Stillness['outboxes']> {
  if (!(await database.has('outbox'))) return [];
  const row = await database.one<{ unpublished: bigint; newest: bigint }>(`
    WITH tick AS MATERIALIZED (SELECT c FROM outbox_tick ORDER BY id DESC LIMIT 1)
    SELECT (SELECT coalesce(max(seq), 0) FROM outbox) AS newest, (SELECT count(*) FROM outbox
      WHERE (xid >= pg_snapshot_xmax((SELECT c FROM tick)) OR xid = ANY (ARRAY(SELECT pg_snapshot_xip(c) FROM tick)))
        AND seq > (SELECT seed_seq FROM outbox_origin)) AS unpublished`);
  return [{ service: database.service, unpublished: Number(row.unpublished), newest: row.newest }];
}

async function parkedIn(database: Database): Promise<Stillness['parked']> {
  if (!(await database.has('parked'))) return [];
  const rows = await database.rows<{ consumer: string; waiting: bigint }>(
    `SELECT consumer, count(*) AS waiting FROM parked WHERE state = 'waiting' GROUP BY consumer ORDER BY consumer`,
  );
  return rows.map(({ consumer, waiting }) => ({ consumer, waiting: Number(waiting) }));
}

async function ordersIn(database: Database): Promise<Stillness['orders']> {
  if (!(await database.has('order_history'))) return { all: 0, pending: [] };
  const { count } = await database.one<{ count: bigint }>('SELECT count(*) FROM orders');
  const pending = await database.rows<{ id: string }>(`SELECT id FROM orders WHERE status = 'PENDING'`);
  return { all: Number(count), pending: pending.map(({ id }) => id) };
}

async function undecidedIn(database: Database): Promise<Stillness['undecided']> {
  const found = async (table: string, text: string) =>
    (await database.has(table)) ? await database.rows<{ what: string }>(text) : [];
  const rows = [
    ...(await found('points_request', `SELECT 'request ' || id AS what FROM points_request WHERE status = 'PENDING'`)),
    ...(await found(
      'reward_order',
      `SELECT 'reward of ' || order_id AS what FROM reward_order WHERE issued AND decided_at IS NULL`,
    )),
  ];
  return rows.map(({ what }) => what);
}

interface Heard {
  readonly topicsByConsumer: ReadonlyMap<string, readonly string[]>;
  readonly progress: readonly {
    readonly consumer: string;
    readonly topic: string;
    readonly partition: number;
    readonly cluster: string;
    readonly next: bigint;
  }[];
}

async function heardOf(database: Database): Promise<Heard> {
  if (!(await database.has('progress'))) return { topicsByConsumer: new Map(), progress: [] };
  return {
    topicsByConsumer: await heardIn(database),
    progress: await database.rows('SELECT consumer, topic, partition, cluster, next_offset AS next FROM progress'),
  };
}

const lagsOf = ({ topicsByConsumer, progress }: Heard, { id, endsByTopic }: Cluster): Stillness['lags'] =>
  [...topicsByConsumer].flatMap(([consumer, topics]) =>
    topics.flatMap((topic) =>
      [...(endsByTopic.get(topic) ?? [])].map(([partition, { low, high }]) => {
        const at = progress.find(
          (each) => each.consumer === consumer && each.topic === topic && each.partition === partition,
        );
        // Offsets of another cluster mean nothing here.
        const next = at && at.cluster === id ? at.next : low;
        return { consumer, topic, partition, behind: high > next ? high - next : 0n };
      }),
    ),
  );
