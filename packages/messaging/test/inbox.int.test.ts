import { randomUUID } from 'node:crypto';
import { encode, OrderEvent, topics } from '@g-store/contracts';
import { createIds, systemClock } from '@g-store/runtime';
import { createDatabase, type TestDatabase } from '@g-store/testing';
import {
  announce,
  createParkingFor,
  on,
  partitionFor,
  startConsumer,
  type ConsumerOptions,
  type ReceivedRecord,
  type Rows,
  type Subscription,
} from '../src/index.js';
import { handBroker } from './hand-broker.js';
import { diary, jars, parts, shelf, shelfTables, type Jar } from './shelf.js';

let database: TestDatabase;
beforeAll(async () => void (database = await createDatabase({ migrations: [shelf] })));
afterAll(() => database.drop());

const ids = createIds(systemClock);
const topic = topics.orderEvents.name;

/** What the shop does here: every event is written into the diary of its jar; a cancellation empties the jar, and is final. */
const writeDown = async (rows: Rows, id: string, note: object): Promise<void> => {
  const jar = await rows.find(jars, { id });
  if (jar) rows.update(jars, { ...jar, amount: jar.amount + 1n, version: jar.version + 1 });
  else rows.insert(jars, { id, label: id, amount: 1n, version: 1 });
  rows.insert(diary, { id: rows.newId(), jarId: id, note, at: rows.now });
};

interface Trouble {
  /** Throws for as long as it says so. */
  of: (key: string, version: number) => boolean;
  /** An SQL fault of the effect itself. */
  sql?: (key: string) => boolean;
}

const subscriptions = (trouble: Trouble): readonly Subscription<Rows>[] => [
  on(
    OrderEvent,
    'statusChanged',
    async (rows, { to }, { aggregateId, aggregateVersion }) => {
      if (trouble.of(aggregateId, aggregateVersion)) throw new Error('cannot read this');
      await writeDown(rows, aggregateId, { version: aggregateVersion, to });
      const jar = (await rows.find(jars, { id: aggregateId })) as Jar;
      if (trouble.sql?.(aggregateId)) rows.update(jars, { ...jar, amount: -5n });
    },
    { announce: (_value, { aggregateId }) => [announce(jars, { id: aggregateId })] },
  ),
  on(
    OrderEvent,
    'cancelled',
    (rows, _value, { aggregateId, aggregateVersion }) =>
      writeDown(rows, aggregateId, { version: aggregateVersion, cancelled: true }),
    { final: true },
  ),
];

async function start(options: { trouble?: Trouble; earliest?: bigint; consumer?: string } = {}) {
  const trouble = options.trouble ?? { of: () => false };
  const hands = handBroker(options.earliest === undefined ? {} : { earliest: options.earliest });
  const consumerOptions: ConsumerOptions<Rows> = {
    name: options.consumer ?? randomUUID(),
    databaseUrl: database.url,
    broker: hands.broker,
    subscriptions: subscriptions(trouble),
    workIn: (rows) => rows,
    tables: shelfTables,
    ...parts(),
    timers: { ...parts().timers, sleep: () => Promise.resolve() },
  };
  const consumer = await startConsumer(consumerOptions);
  const parking = createParkingFor(consumerOptions, database.pool);
  return {
    ...hands,
    name: consumerOptions.name,
    parking,
    told: (key: string, version: number, eventId = ids.next()) => hands.record(key, message(key, version, eventId)),
    cancelled: (key: string, version: number) =>
      hands.record(
        key,
        encode(OrderEvent, {
          meta: meta(key, version, ids.next()),
          case: 'cancelled',
          value: { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u' },
        }),
      ),
    async [Symbol.asyncDispose]() {
      await consumer[Symbol.asyncDispose]();
      await parking[Symbol.asyncDispose]();
    },
  };
}

const meta = (key: string, version: number, eventId: string) => ({
  eventId,
  aggregateId: key,
  aggregateVersion: version,
  owner: 'u',
  occurredAt: new Date(),
  correlationId: 'c',
});
const message = (key: string, version: number, eventId: string): Buffer =>
  encode(OrderEvent, {
    meta: meta(key, version, eventId),
    case: 'statusChanged',
    value: { from: 'PENDING', to: 'PAID', actor: 'system' },
  });

const versionsIn = async (key: string): Promise<readonly number[]> =>
  (
    await database.sql<{
      version: number;
    }>`SELECT (note->>'version')::int AS version FROM diary WHERE jar_id = ${key} ORDER BY id`
  ).map(({ version }) => version);
const amountIn = async (key: string): Promise<number> =>
  Number((await database.sql`SELECT amount FROM jar WHERE id = ${key}`)[0]?.['amount'] ?? 0);
const parkedOf = (name: string) =>
  database.sql<{
    key: string;
    version: number | null;
    reason: string;
    state: string;
  }>`SELECT key, version, reason, state FROM parked WHERE consumer = ${name} ORDER BY id`;

describe('the inbox', () => {
  it('gives each event its effect once, however often it comes', async () => {
    await using shop = await start();
    const key = randomUUID();
    const records = [1, 2, 3].map((version) => shop.told(key, version));
    await shop.handOver(records);
    await shop.handOver(records);
    await shop.handOverAgain();
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
    expect(await amountIn(key)).toBe(3);
  });

  it('duplicate event in one batch has one effect', async () => {
    await using shop = await start();
    const key = randomUUID();
    const eventId = ids.next();
    await shop.handOver([shop.told(key, 1, eventId), shop.told(key, 1, eventId), shop.told(key, 2)]);
    expect(await versionsIn(key)).toEqual([1, 2]);
    // Nor is it taken for another event of the same version.
    expect(await parkedOf(shop.name)).toEqual([]);
  });

  it('keeps how far it got with the effects, and forgets it for another cluster', async () => {
    await using shop = await start();
    const key = randomUUID();
    await shop.handOver([shop.told(key, 1), shop.told(key, 2)]);
    expect([...(await shop.positions()).values()]).toEqual([2n]);
    await database.sql`UPDATE progress SET cluster = 'another' WHERE consumer = ${shop.name}`;
    expect([...(await shop.positions())]).toEqual([]);
  });

  it('commits nothing of a batch that loses its partition', async () => {
    await using shop = await start();
    const key = randomUUID();
    const lost = AbortSignal.abort(new Error('rebalanced'));
    await expect(shop.handOver([shop.told(key, 1)], lost)).rejects.toThrow('rebalanced');
    expect(await versionsIn(key)).toEqual([]);
  });
});

describe('batches of several partitions at once', () => {
  const keys = (count: number): readonly string[] => Array.from({ length: count }, () => randomUUID());
  const transactionsOf = async (name: string): Promise<number> =>
    (await database.sql`SELECT DISTINCT xmin::text FROM progress WHERE consumer = ${name}`).length;

  it('share one transaction', async () => {
    await using shop = await start();
    const all = keys(40);
    await shop.handOverTogether(all.map((key) => shop.told(key, 1)));
    expect(await transactionsOf(shop.name)).toBe(1);
    expect((await shop.positions()).size).toBe(topics.orderEvents.partitions);
    await shop.handOverTogether(all.map((key) => shop.told(key, 2)));
    expect(await Promise.all(all.map(versionsIn))).toEqual(all.map(() => [1, 2]));
  });

  it('have their effects once when they come again, and no more than before', async () => {
    await using shop = await start();
    const all = keys(20);
    const records = all.flatMap((key) => [shop.told(key, 1), shop.told(key, 2)]);
    await shop.handOverTogether(records);
    await shop.handOverTogether(records);
    expect(await Promise.all(all.map(amountIn))).toEqual(all.map(() => 2));
  });

  it('take effect apart from one that fails: its message is parked where it lies, nobody else’s', async () => {
    const all = keys(30);
    const sick = all[11];
    await using shop = await start({ trouble: { of: (key) => key === sick } });
    const outcomes = await shop.handOverTogether(all.map((key) => shop.told(key, 1)));
    expect(outcomes.map(({ status }) => status)).not.toContain('rejected');
    expect(await Promise.all(all.map(amountIn))).toEqual(all.map((key) => (key === sick ? 0 : 1)));
    expect(await parkedOf(shop.name)).toMatchObject([{ key: sick, version: 1, reason: 'failed' }]);
    expect((await shop.positions()).size).toBe(topics.orderEvents.partitions);
  });

  it('are parked each under its own partition, also what cannot be read', async () => {
    await using shop = await start();
    const all = keys(20);
    const records = all.map((key) => shop.record(key, Buffer.from('not an event')));
    await shop.handOverTogether(records);
    await shop.handOverTogether(records);
    const parked = await database.sql<{ key: string; partition: number }>`
      SELECT key, partition FROM parked WHERE consumer = ${shop.name}`;
    const { partitions } = topics.orderEvents;
    expect(new Map(parked.map(({ key, partition }) => [key, partition]))).toEqual(
      new Map(all.map((key) => [key, partitionFor(Buffer.from(key), partitions)])),
    );
    expect(parked).toHaveLength(all.length);
  });

  it('commit nothing once their partitions are taken away', async () => {
    await using shop = await start();
    const all = keys(20);
    const lost = AbortSignal.abort(new Error('rebalanced'));
    const outcomes = await shop.handOverTogether(
      all.map((key) => shop.told(key, 1)),
      lost,
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(await Promise.all(all.map(amountIn))).toEqual(all.map(() => 0));
  });
});

describe('batch with one poison message', () => {
  it('parks it and what follows of its key, in this batch and later; other keys go on', async () => {
    const [sick, well] = [randomUUID(), randomUUID()];
    await using shop = await start({ trouble: { of: (key, version) => key === sick && version === 2 } });
    await shop.handOver([
      shop.told(sick, 1),
      shop.told(well, 1),
      shop.told(sick, 2),
      shop.told(sick, 3),
      shop.told(well, 2),
    ]);
    await shop.handOver([shop.told(sick, 4), shop.told(well, 3)]);
    expect(await versionsIn(sick)).toEqual([1]);
    expect(await versionsIn(well)).toEqual([1, 2, 3]);
    expect(await parkedOf(shop.name)).toMatchObject([
      { key: sick, version: 2, reason: 'failed' },
      { key: sick, version: 3, reason: 'follows' },
      { key: sick, version: 4, reason: 'follows' },
    ]);
  });

  it('finds the culprit by halves when the database refuses the effect', async () => {
    const keys = Array.from({ length: 9 }, () => randomUUID());
    await using shop = await start({ trouble: { of: () => false, sql: (key) => key === keys[6] } });
    await shop.handOver(keys.map((key) => shop.told(key, 1)));
    expect(await Promise.all(keys.map(amountIn))).toEqual(keys.map((key) => (key === keys[6] ? 0 : 1)));
    expect(await parkedOf(shop.name)).toMatchObject([{ key: keys[6], reason: 'failed' }]);
  });

  it('tries again before it parks', async () => {
    const key = randomUUID();
    let left = 2;
    await using shop = await start({ trouble: { of: () => left-- > 0 } });
    await shop.handOver([shop.told(key, 1)]);
    expect(await versionsIn(key)).toEqual([1]);
    expect(await parkedOf(shop.name)).toEqual([]);
  });
});

describe('what is parked', () => {
  it('parked key keeps its order: a release runs what waits from the first to the last, and new ones flow again', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 2 };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 3, 4].map((version) => shop.told(key, version)));
    expect(await shop.parking.release({ topic, key }, 'olga')).toMatchObject({
      released: 0,
      stopped: { error: expect.stringContaining('cannot read this') },
    });
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    await shop.handOver([shop.told(key, 5)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4, 5]);
    expect((await parkedOf(shop.name)).map(({ state }) => state)).toEqual(['released', 'released', 'released']);
    expect(
      await database.sql`SELECT actor, action FROM operations_audit WHERE subject = ${`${topic}/${key}`} ORDER BY id`,
    ).toEqual([
      { actor: 'olga', action: 'parked.release' },
      { actor: 'olga', action: 'parked.release' },
    ]);
  });

  it('republish onto a parked key parks nothing twice and overtakes nothing', async () => {
    const key = randomUUID();
    await using shop = await start({ trouble: { of: (_key, version) => version === 2 } });
    await shop.handOver([1, 2, 3].map((version) => shop.told(key, version)));
    await shop.handOverAgain();
    expect(await parkedOf(shop.name)).toHaveLength(2);
    expect(await versionsIn(key)).toEqual([1]);
  });

  it('goes on behind a message that an operator has dropped', async () => {
    const key = randomUUID();
    await using shop = await start({ trouble: { of: (_key, version) => version === 2 } });
    await shop.handOver([1, 2, 3].map((version) => shop.told(key, version)));
    const poison = (await shop.parking.list({ limit: 10 })).find(({ version }) => version === 2);
    expect(await shop.parking.drop(poison?.id ?? '', 'a test order', 'olga')).toBe('dropped');
    expect(await shop.parking.drop(poison?.id ?? '', 'a test order', 'olga')).toBe('not waiting');
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 1 });
    await shop.handOver([shop.told(key, 4)]);
    expect(await versionsIn(key)).toEqual([1, 3, 4]);
  });

  it('is not dropped before what came before it, which then could never run', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 2 };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 3, 4].map((version) => shop.told(key, version)));
    const parked = await shop.parking.list({ limit: 10 });
    const third = parked.find((one) => one.key === key && one.version === 3);
    expect(await shop.parking.drop(third?.id ?? '', 'not wanted', 'olga')).toBe('not first');
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4]);
  });

  it('runs by version although a republish has brought one of them late', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 2 };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 4, 3].map((version) => shop.told(key, version)));
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4]);
  });

  it('undecodable bytes are parked as they are, hold their key, and are not parked again', async () => {
    const key = randomUUID();
    await using shop = await start();
    const garbage = Buffer.from('not protobuf at all');
    await shop.handOver([shop.told(key, 1), shop.record(key, garbage), shop.told(key, 2)]);
    await shop.handOverAgain();
    expect(await parkedOf(shop.name)).toMatchObject([
      { key, version: null, reason: 'undecodable' },
      { key, version: 2, reason: 'follows' },
    ]);
    const [bytes] = (await shop.parking.list({ limit: 10 })).filter(({ reason }) => reason === 'undecodable');
    expect((await shop.parking.show(bytes?.id ?? ''))?.raw).toEqual(garbage);
    await shop.parking.drop(bytes?.id ?? '', 'rubbish', 'olga');
    await shop.parking.release({ topic, key }, 'olga');
    await shop.handOverAgain();
    await shop.handOver([shop.told(key, 3)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
  });
});

describe('versions', () => {
  it('gap closes: what came too early waits, and follows in order in the same transaction', async () => {
    await using shop = await start();
    const key = randomUUID();
    const [one, two, three, four] = [1, 2, 3, 4].map((version) => shop.told(key, version)) as [
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
    ];
    await shop.handOver([one, three]);
    await shop.handOver([four]);
    expect(await versionsIn(key)).toEqual([1]);
    await shop.handOver([two, shop.told(key, 5)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4, 5]);
    expect((await parkedOf(shop.name)).map(({ state }) => state)).toEqual(['released', 'released']);
  });

  it('gap closes within one batch without leaving anything parked', async () => {
    await using shop = await start();
    const key = randomUUID();
    const [one, two, three] = [1, 2, 3].map((version) => shop.told(key, version)) as [
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
    ];
    await shop.handOver([one, three, two]);
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
    expect(await parkedOf(shop.name)).toEqual([]);
  });

  it('a first version above 1 waits, unless older records have expired', async () => {
    const [waits, goes] = [randomUUID(), randomUUID()];
    await using strict = await start();
    await strict.handOver([strict.told(waits, 5)]);
    expect(await versionsIn(waits)).toEqual([]);
    expect(await parkedOf(strict.name)).toMatchObject([{ reason: 'gap' }]);
    await using late = await start({ earliest: 100n });
    await late.handOver([late.told(goes, 5), late.told(goes, 6)]);
    expect(await versionsIn(goes)).toEqual([5, 6]);
  });

  it('another event under a version that was applied is parked as a fork, and the key goes on', async () => {
    await using shop = await start();
    const key = randomUUID();
    await shop.handOver([shop.told(key, 1), shop.told(key, 2), shop.told(key, 2), shop.told(key, 3)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
    expect(await parkedOf(shop.name)).toMatchObject([{ version: 2, reason: 'fork' }]);
  });

  it('a final event is applied across a gap; everything else of its key is a repeat afterwards', async () => {
    await using shop = await start();
    const key = randomUUID();
    const [one, two, three] = [1, 2, 3].map((version) => shop.told(key, version)) as [
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
    ];
    await shop.handOver([three]);
    await shop.handOver([shop.cancelled(key, 4)]);
    await shop.handOver([one, two]);
    expect(await versionsIn(key)).toEqual([4]);
    expect(await parkedOf(shop.name)).toMatchObject([{ version: 3, state: 'superseded' }]);
  });

  it('unversioned events are only told apart by their ids', async () => {
    await using shop = await start();
    const key = randomUUID();
    const repeat = ids.next();
    await shop.handOver([shop.told(key, 0), shop.told(key, 0, repeat), shop.told(key, 0, repeat), shop.told(key, 0)]);
    expect(await amountIn(key)).toBe(3);
  });

  it('unknown event case is counted and skipped, and moves its stream on', async () => {
    await using shop = await start();
    const key = randomUUID();
    const known = message(key, 2, ids.next());
    // Only the meta of it: as a message whose case this build does not know.
    const onlyMeta = known.subarray(0, 2 + (known[1] as number));
    await shop.handOver([shop.told(key, 1), shop.record(key, Buffer.from(onlyMeta)), shop.told(key, 3)]);
    expect(await versionsIn(key)).toEqual([1, 3]);
    expect(await parkedOf(shop.name)).toEqual([]);
  });
});
