import type { Log } from '@g-store/runtime';
import { CompressionTypes, type Kafka, type Message, type Producer, type ProducerBatch } from 'kafkajs';
import { partitionKey, type OutgoingRecord } from '../../broker.js';

export interface Appender {
  append(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** What is used of kafkajs's producer. */
export type Sender = Pick<Producer, 'connect' | 'sendBatch' | 'disconnect'>;

/** Kafka has not confirmed every partition of a request: any of the records may or may not be there. */
export class AppendUnconfirmed extends Error {
  override readonly name = 'AppendUnconfirmed';
}

/**
 * kafkajs must not send again by itself: when a leader moves in the middle of a request, its retry passes over every
 * broker that has answered already, among them the one that now leads the partition, and then reports success.
 */
export const createSender = (client: Kafka): Sender =>
  client.producer({
    retry: { retries: 0 },
    allowAutoTopicCreation: false,
    metadataMaxAge: 60_000,
    createPartitioner: () => asTold,
  });

const asTold = ({ message }: { message: Message }): number => message.partition ?? 0;

const failuresBeforeNewSender = 3;

export function createAppender({ open, log }: { open: () => Sender; log: Log }): Appender {
  /** The newest append of each partition that is under way. */
  const underway = new Map<string, Promise<void>>();
  let sender: Open | undefined;
  let failures = 0;
  let closed = false;

  const current = (): Open => {
    if (closed) throw new Error('the broker is closed');
    if (sender === undefined) {
      const it = open();
      sender = { it, connected: it.connect() };
    }
    return sender;
  };

  const discard = (old: Open): void => {
    if (sender === old) [sender, failures] = [undefined, 0];
    disconnect(old).catch((error: unknown) => log.debug({ err: error }, 'a producer did not close well'));
  };

  const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const mine = current();
    try {
      await mine.connected;
    } catch (error) {
      discard(mine);
      throw error;
    }
    try {
      for (const request of toRequests(records)) await sendOne(mine.it, request);
      failures = 0;
    } catch (error) {
      failures += 1;
      // One that fails again and again may be stuck with what it knows of the cluster.
      if (failures >= failuresBeforeNewSender) discard(mine);
      throw error;
    }
  };

  return {
    append(records) {
      const keys = [...new Set(records.map(({ topic, partition }) => partitionKey(topic, partition)))];
      const before = keys.flatMap((key) => underway.get(key) ?? []);
      const appended = (async () => {
        // One that fails takes along those behind it: they would overtake it when it is sent again.
        await Promise.all(before);
        if (records.length > 0) await send(records);
      })();
      for (const key of keys) underway.set(key, appended);
      const done = () => {
        for (const key of keys) if (underway.get(key) === appended) underway.delete(key);
      };
      appended.then(done, done);
      return appended;
    },
    async close() {
      closed = true;
      await Promise.allSettled(underway.values());
      if (sender !== undefined) await disconnect(sender).catch(() => {});
    },
  };
}

interface Open {
  readonly it: Sender;
  readonly connected: Promise<void>;
}

const disconnect = ({ it, connected }: Open): Promise<void> => connected.then(() => it.disconnect());

async function sendOne(sender: Sender, request: readonly OutgoingRecord[]): Promise<void> {
  const answer = await sender.sendBatch(toBatch(request));
  const confirmed = new Set(
    answer
      .filter(({ errorCode }) => errorCode === 0)
      .map(({ topicName, partition }) => partitionKey(topicName, partition)),
  );
  const missing = new Set(
    request.map(({ topic, partition }) => partitionKey(topic, partition)).filter((key) => !confirmed.has(key)),
  );
  if (missing.size > 0) throw new AppendUnconfirmed(`not confirmed: ${[...missing].join(', ')}`);
}

function toBatch(records: readonly OutgoingRecord[]): ProducerBatch {
  const messagesByTopic = new Map<string, Message[]>();
  for (const { topic, partition, key, value } of records) {
    const messages = messagesByTopic.get(topic) ?? [];
    messagesByTopic.set(topic, messages);
    messages.push({ partition, key, value });
  }
  const topicMessages = [...messagesByTopic].map(([topic, messages]) => ({ topic, messages }));
  return { acks: -1, timeout: 10_000, compression: CompressionTypes.None, topicMessages };
}

const mostRecords = 2_000;
/** Below Kafka's default limit of 1 MiB for what one request brings to one partition. */
const mostBytesOfPartition = 768 * 1024;

function* toRequests(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let request: OutgoingRecord[] = [];
  let bytesByPartition = new Map<string, number>();
  for (const record of records) {
    const key = partitionKey(record.topic, record.partition);
    const size = record.key.length + record.value.length + 32;
    const bytes = (bytesByPartition.get(key) ?? 0) + size;
    if (request.length === mostRecords || (bytes > mostBytesOfPartition && request.length > 0)) {
      yield request;
      request = [];
      bytesByPartition = new Map();
    }
    request.push(record);
    bytesByPartition.set(key, (bytesByPartition.get(key) ?? 0) + size);
  }
  if (request.length > 0) yield request;
}
