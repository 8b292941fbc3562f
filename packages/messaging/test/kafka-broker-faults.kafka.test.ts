import { randomUUID } from 'node:crypto';
import { silentLog } from '@g-store/runtime';
import { createTestTopics, eventually, startKafka, type KafkaCluster, type KafkaNode } from '@g-store/testing';
import { Kafka, logLevel } from 'kafkajs';
import { createKafkaBroker, type Broker, type OutgoingRecord } from '../src/index.js';
import { notebook, reader, record, textsOf, type Notebook } from './broker-contract.js';

const brokerOf = ({ brokers }: Pick<KafkaCluster, 'brokers'>): Broker =>
  createKafkaBroker({ brokers, clientId: 'faults', log: silentLog, tuning: { sessionTimeoutMs: 6_000 } });

/** As the relay does: the identical batch, until it is acknowledged. Answers how often it was not. */
async function appendUntilAcknowledged(broker: Broker, records: readonly OutgoingRecord[]): Promise<number> {
  let attempts = 0;
  const attempt = async (): Promise<void> => {
    attempts += 1;
    await broker.append(records);
  };
  await eventually(attempt, { within: 40_000, every: 50 });
  return attempts - 1;
}

/** Appends numbered records to both partitions until told to stop; answers how many. */
function keepAppending(broker: Broker, topic: string) {
  let stopped = false;
  let count = 0;
  const appending = (async () => {
    for (; !stopped; count += 1)
      await appendUntilAcknowledged(
        broker,
        [0, 1].map((partition) => record(topic, partition, String(count))),
      );
  })();
  return {
    count: () => count,
    async stop(): Promise<number> {
      stopped = true;
      await appending;
      return count;
    },
  };
}

/** Each number once in order, whatever came again in between: what an inbox leaves of it. */
const withoutRepeats = ({ batches }: Notebook, partition: number): number[] => {
  const seen: number[] = [];
  for (const batch of batches.filter((each) => each.partition === partition)) {
    for (const text of textsOf(batch)) if (Number(text) > (seen.at(-1) ?? -1)) seen.push(Number(text));
  }
  return seen;
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('with a Kafka that comes and goes', () => {
  let kafka: KafkaCluster;
  let node: KafkaNode;
  let broker: Broker;
  beforeAll(async () => {
    kafka = await startKafka();
    [node] = kafka.nodes as [KafkaNode];
  });
  beforeEach(() => {
    broker = brokerOf(kafka);
  });
  afterEach(() => broker.close());
  afterAll(() => kafka[Symbol.asyncDispose]());

  const topicOf = async (partitions: number) =>
    (await createTestTopics({ faults: partitions }, { brokers: kafka.brokers })).faults;

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'loses nothing when the broker ends by %s under load and comes back',
    async (signal) => {
      const topic = await topicOf(2);
      const [group, everything] = [notebook(), notebook()];
      await using _reading = await broker.readAsGroup(reader(topic, group));
      await using _all = await broker.readEverything({ topics: [topic], since: 0, onBatch: everything.note });
      const appending = keepAppending(broker, topic);
      await eventually(() => expect(withoutRepeats(group, 0).length).toBeGreaterThan(200), { within: 20_000 });
      await node.kill(signal);
      const before = appending.count();
      await node.start();
      await eventually(() => expect(appending.count()).toBeGreaterThan(before + 200), { within: 30_000 });
      const count = await appending.stop();
      for (const notes of [group, everything]) {
        await eventually(
          () => expect([0, 1].map((partition) => withoutRepeats(notes, partition).length)).toEqual([count, count]),
          { within: 30_000 },
        );
        for (const partition of [0, 1]) expect(withoutRepeats(notes, partition)).toEqual(upTo(count));
      }
    },
  );

  it('starts while Kafka is away, and goes to work when it comes', async () => {
    const topic = await topicOf(1);
    await broker.append([record(topic, 0, 'before')]);
    await node.kill();
    const late = brokerOf(kafka);
    const [group, everything] = [notebook(), notebook()];
    const readings = [
      await late.readAsGroup(reader(topic, group)),
      await late.readEverything({ topics: [topic], since: 0, onBatch: everything.note }),
    ];
    await expect(late.append([record(topic, 0, 'away')])).rejects.toThrow();
    expect(readings.map(({ ready }) => ready)).toEqual([false, false]);
    await node.start();
    await appendUntilAcknowledged(late, [record(topic, 0, 'back')]);
    for (const notes of [group, everything]) {
      await eventually(() => expect(notes.texts).toEqual(['before', 'back']), { within: 30_000 });
    }
    expect(readings.map(({ ready }) => ready)).toEqual([true, true]);
    await late.close();
  });

  it('begins at the earliest record when the topic is made anew under a reader', async () => {
    const topic = await topicOf(1);
    const [group, everything] = [notebook(), notebook()];
    await using _reading = await broker.readAsGroup(reader(topic, group));
    await using _all = await broker.readEverything({ topics: [topic], since: 0, onBatch: everything.note });
    await broker.append(upTo(50).map((i) => record(topic, 0, `old-${i}`)));
    for (const notes of [group, everything])
      await eventually(() => expect(notes.texts).toHaveLength(50), { within: 20_000 });

    const admin = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await eventually(() => admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] }), {
      within: 20_000,
    });
    await admin.disconnect();
    await appendUntilAcknowledged(
      broker,
      upTo(3).map((i) => record(topic, 0, `new-${i}`)),
    );
    for (const notes of [group, everything]) {
      await eventually(() => expect(notes.texts.slice(50)).toEqual(['new-0', 'new-1', 'new-2']), { within: 40_000 });
    }
  });

  it('goes on when Kafka stood still for longer than its members may', async () => {
    const topic = await topicOf(1);
    const group = notebook();
    const hasty = createKafkaBroker({
      brokers: kafka.brokers,
      clientId: 'hasty',
      log: silentLog,
      tuning: { sessionTimeoutMs: 2_000, rebalanceTimeoutMs: 2_000, stuckMs: 1_500 },
    });
    await using _reading = await hasty.readAsGroup(reader(topic, group));
    await hasty.append([record(topic, 0, 'before')]);
    await eventually(() => expect(group.texts).toEqual(['before']), { within: 20_000 });
    node.freeze();
    const frozen = performance.now();
    await eventually(() => expect(performance.now() - frozen).toBeGreaterThan(5_000), { within: 10_000 });
    node.thaw();
    await appendUntilAcknowledged(hasty, [record(topic, 0, 'after')]);
    await eventually(() => expect(group.texts).toEqual(['before', 'after']), { within: 40_000 });
    await hasty.close();
  });
});

describe('with three brokers', () => {
  it('loses nothing when a leader moves between two partitions of one send', async () => {
    await using kafka = await startKafka({ nodes: 3 });
    const admin = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const topic = `moving-${randomUUID()}`;
    const replicaAssignment = [0, 1].map((partition) => ({ partition, replicas: [partition + 1] }));
    await admin.createTopics({ topics: [{ topic, replicaAssignment }] });
    const leaderOf = async (partition: number): Promise<number | undefined> => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader;
    };
    const broker = brokerOf(kafka);
    await appendUntilAcknowledged(broker, [record(topic, 0, '0'), record(topic, 1, '0')]);

    // The broker that leads the first partition now leads the second too, and our client does not know.
    await admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition: 1, replicas: [1] }] }],
    });
    await eventually(async () => expect(await leaderOf(1)).toBe(1), { within: 20_000 });
    const failures = await appendUntilAcknowledged(broker, [record(topic, 0, '1'), record(topic, 1, '1')]);

    const notes = notebook();
    await using _reading = await broker.readAsGroup(reader(topic, notes));
    await eventually(
      () =>
        expect([0, 1].map((partition) => withoutRepeats(notes, partition))).toEqual([
          [0, 1],
          [0, 1],
        ]),
      { within: 20_000 },
    );
    expect(failures).toBeGreaterThan(0);
    await broker.close();
    await admin.disconnect();
  });

  it('goes on while one of them is gone', async () => {
    await using kafka = await startKafka({ nodes: 3 });
    const topic = (await createTestTopics({ one: 2 }, { brokers: kafka.brokers, replicas: 3 })).one;
    const broker = brokerOf(kafka);
    const notes = notebook();
    await using _reading = await broker.readAsGroup(reader(topic, notes));
    const appending = keepAppending(broker, topic);
    await eventually(() => expect(withoutRepeats(notes, 1).length).toBeGreaterThan(100), { within: 30_000 });
    await kafka.nodes[0]?.kill('SIGKILL');
    const before = appending.count();
    await eventually(() => expect(appending.count()).toBeGreaterThan(before + 100), { within: 40_000 });
    const count = await appending.stop();
    await eventually(
      () => expect([0, 1].map((partition) => withoutRepeats(notes, partition).length)).toEqual([count, count]),
      { within: 40_000 },
    );
    await broker.close();
  });
});
