import { Client } from 'pg';
import type { Timers } from '@g-store/runtime';
import { createIds, createMetrics, silentLog, systemClock, systemRandomness, systemTimers } from '@g-store/runtime';
import type { TestDatabase } from '@g-store/testing';
import type { Broker, OutgoingRecord } from '../src/broker.js';
import type { Migration } from '../src/migrate.js';
import { startRelay } from '../src/relay/relay.js';
import type { Relay, RelayOptions } from '../src/relay/relay.js';

/** Orders whose version rises by one with each event: what a service does in a unit of work, by hand. */
export const shopMigration: Migration = {
  name: 'shop-001',
  sql: `
    CREATE TABLE shop_order (id text PRIMARY KEY, version integer NOT NULL DEFAULT 0);
    CREATE TABLE shop_note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    GRANT SELECT, INSERT, UPDATE ON shop_order TO :app;
    GRANT SELECT, INSERT ON shop_note TO :app;`,
};

export const topic = { id: 1, name: 'order.events', partitions: 4 };
export const otherTopic = { id: 2, name: 'payment.events', partitions: 2 };

export interface RecordingBroker extends Broker {
  /** Every record that was written, in the order of writing, repeats included. */
  readonly log: readonly OutgoingRecord[];
  readonly requests: readonly (readonly OutgoingRecord[])[];
  /** The next appends reject, with half of their records written. */
  failNext(times: number): void;
  /** Answers of `partitions`. */
  readonly counts: Map<string, number>;
  overlapped: boolean;
}

export function recordingBroker(): RecordingBroker {
  const log: OutgoingRecord[] = [];
  const requests: (readonly OutgoingRecord[])[] = [];
  const busy = new Set<string>();
  let failing = 0;
  const never = (): never => {
    throw new Error('nobody reads here');
  };
  const broker: RecordingBroker = {
    log,
    requests,
    overlapped: false,
    counts: new Map([topic, otherTopic].map(({ name, partitions }) => [name, partitions])),
    failNext(times) {
      failing = times;
    },
    async append(records) {
      const partitions = new Set(records.map((record) => `${record.topic}/${record.partition}`));
      if ([...partitions].some((partition) => busy.has(partition))) broker.overlapped = true;
      for (const partition of partitions) busy.add(partition);
      await systemTimers.sleep(1);
      for (const partition of partitions) busy.delete(partition);
      requests.push(records);
      const fails = failing > 0;
      if (fails) failing -= 1;
      log.push(...records.slice(0, fails ? records.length / 2 : records.length));
      if (fails) throw new Error('the broker is away');
    },
    partitions: async () => broker.counts,
    readAsGroup: never,
    readEverything: never,
    clusterId: async () => 'recording',
    earliest: never,
    close: async () => undefined,
  };
  return broker;
}

export interface Told {
  readonly key: string;
  readonly version: number;
}

export const toldOf = (records: readonly OutgoingRecord[]): Told[] =>
  records.map(({ value }) => JSON.parse(value.toString()) as Told);

/** Without repeats: what a subscriber with an inbox takes notice of. */
export function firstTold(records: readonly OutgoingRecord[]): Told[] {
  const seen = new Set<string>();
  return toldOf(records).filter(({ key, version }) => !seen.has(`${key}@${version}`) && seen.add(`${key}@${version}`));
}

/** Versions in the order of first arrival, by order. */
export function versionsByKey(records: readonly OutgoingRecord[]): Map<string, number[]> {
  const versions = new Map<string, number[]>();
  for (const { key, version } of firstTold(records)) versions.set(key, [...(versions.get(key) ?? []), version]);
  return versions;
}

/** 1, 2, 3 … */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

const ids = createIds(systemClock);

/** A session of the service, for as long as `use` takes. */
export async function withSession<T>(url: string, use: (session: Client) => Promise<T>): Promise<T> {
  const session = new Client({ connectionString: url });
  session.on('error', () => undefined);
  await session.connect();
  try {
    return await use(session);
  } finally {
    await session.end();
  }
}

/** Raises the order's version and writes its event, in the transaction that the session is in. */
export async function changeOrder(session: Client, key: string, topicId = topic.id): Promise<void> {
  const { rows } = await session.query<{ version: number }>(
    `INSERT INTO shop_order VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET version = shop_order.version + 1 RETURNING version`,
    [key],
  );
  const version = rows[0]?.version ?? 0;
  await session.query(
    `INSERT INTO outbox (topic, part, key, body, event_id, created_at) VALUES ($1, $2, $3, $4, $5, clock_timestamp())`,
    [topicId, partOf(key), Buffer.from(key), Buffer.from(JSON.stringify({ key, version })), ids.next()],
  );
}

const partOf = (key: string): number => [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 2;

/** A relay as a service starts it. */
export async function openRelay(
  database: TestDatabase,
  broker: Broker,
  overrides: Partial<Omit<RelayOptions, 'timers'>> & { readonly timers?: FreezableTimers } = {},
): Promise<Relay> {
  const relay = await startRelay({
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    broker,
    topics: [topic, otherTopic],
    clock: systemClock,
    timers: systemTimers,
    ids,
    randomness: systemRandomness,
    log: silentLog,
    metrics: createMetrics({ service: 'shop' }),
    ...overrides,
  });
  const dispose = async (): Promise<void> => {
    overrides.timers?.thaw(); // a frozen process cannot stop
    await relay[Symbol.asyncDispose]();
  };
  return { ...relay, [Symbol.asyncDispose]: dispose };
}

export interface FreezableTimers extends Timers {
  freeze(): void;
  thaw(): void;
}

/** Timers of a process that can be stopped dead, as by SIGSTOP, and go on later as if nothing had been. */
export function freezableTimers(): FreezableTimers {
  let frozen = false;
  let waiting: (() => void)[] = [];
  const orLater = (run: () => void) => () => void (frozen ? waiting.push(run) : run());
  return {
    after: (ms, run) => systemTimers.after(ms, orLater(run)),
    sleep: async (ms, signal) => {
      await systemTimers.sleep(ms, signal);
      if (frozen) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
      for (const run of waiting) run();
      waiting = [];
    },
  };
}
