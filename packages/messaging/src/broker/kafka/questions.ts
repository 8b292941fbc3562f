import type { Admin, Kafka } from 'kafkajs';

export interface Ends {
  /** Offset of the earliest record kept. */
  readonly low: bigint;
  /** Offset after the newest. */
  readonly high: bigint;
}

/** What one asks a cluster about itself. Connects when first asked, and anew after a failure. */
export interface Questions {
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  clusterId(): Promise<string>;
  /** By partition. */
  ends(topic: string): Promise<ReadonlyMap<number, Ends>>;
  /** By partition: the earliest offset at or after this time, ms since the epoch, or the end. */
  offsetsSince(topic: string, since: number): Promise<ReadonlyMap<number, bigint>>;
  close(): Promise<void>;
}

export function createQuestions(client: Kafka): Questions {
  let connecting: Promise<Admin> | undefined;
  let closed = false;

  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    if (closed) throw new Error('the broker is closed');
    connecting ??= connect(client);
    const mine = connecting;
    try {
      return await question(await mine);
    } catch (error) {
      if (connecting === mine) connecting = undefined;
      disconnect(mine);
      throw error;
    }
  };

  return {
    partitions: (topics) =>
      ask(async (admin) => {
        const known = new Set(await admin.listTopics());
        const wanted = topics.filter((topic) => known.has(topic));
        if (wanted.length === 0) return new Map();
        const { topics: found } = await admin.fetchTopicMetadata({ topics: wanted });
        return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
      }),
    clusterId: () => ask(async (admin) => (await admin.describeCluster()).clusterId),
    ends: (topic) =>
      ask(async (admin) => {
        const found = await admin.fetchTopicOffsets(topic);
        return new Map(found.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
      }),
    offsetsSince: (topic, since) =>
      ask(async (admin) => {
        const found = await admin.fetchTopicOffsetsByTimestamp(topic, since);
        return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
      }),
    async close() {
      closed = true;
      if (connecting) await disconnect(connecting);
    },
  };
}

async function connect(client: Kafka): Promise<Admin> {
  const admin = client.admin();
  await admin.connect();
  return admin;
}

const disconnect = (connecting: Promise<Admin>): Promise<void> =>
  connecting.then((admin) => admin.disconnect()).catch(() => {});
