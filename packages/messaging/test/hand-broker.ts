import { topics, type Topic } from '@g-store/contracts';
import { partitionFor, partitionKey, type Broker, type GroupReading, type ReceivedRecord } from '../src/index.js';

/** Records, of orders unless another topic is named, handed over by the test itself: what a group sees, and when, is in its hands. */
export function handBroker(settings: { earliest?: bigint } = {}) {
  const ends = new Map<string, bigint>();
  const everything: { readonly where: string; readonly record: ReceivedRecord }[] = [];
  let reading: GroupReading | undefined;
  const topic = topics.orderEvents;

  const record = (key: string, value: Buffer | null, headers?: ReceivedRecord['headers']): ReceivedRecord => {
    const where = partitionKey(topic.name, partitionFor(Buffer.from(key), topic.partitions));
    const offset = ends.get(where) ?? 0n;
    ends.set(where, offset + 1n);
    const made = { offset, key: Buffer.from(key), value, timestamp: 0, ...(headers && { headers }) };
    everything.push({ where, record: made });
    return made;
  };

  const batchesOf = (records: readonly ReceivedRecord[], signal = new AbortController().signal, from: Topic = topic) =>
    [...Map.groupBy(records, ({ key }) => partitionFor(key ?? Buffer.alloc(0), from.partitions))].map(
      ([partition, some]) =>
        () =>
          reading?.onBatch({ topic: from.name, partition, records: some, highWatermark: 0n }, signal),
    );

  const handOver = async (records: readonly ReceivedRecord[], signal?: AbortSignal, from?: Topic): Promise<void> => {
    for (const batch of batchesOf(records, signal, from)) await batch();
  };

  const broker: Broker = {
    append: async () => undefined,
    readAsGroup: async (options) => {
      reading = options;
      return {
        ready: true,
        pause: () => undefined,
        resume: () => undefined,
        lag: () => new Map(),
        commit: () => undefined,
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    readEverything: () => Promise.reject(new Error('not asked for')),
    partitions: async () => new Map(),
    earliest: async () => settings.earliest ?? 0n,
    clusterId: async () => 'here',
    close: async () => undefined,
  };
  return {
    broker,
    record,
    /** One partition after the other. */
    handOver,
    /** All partitions at once, as one fetch brings them. */
    handOverTogether: (records: readonly ReceivedRecord[], signal?: AbortSignal) =>
      Promise.allSettled(batchesOf(records, signal).map((batch) => batch())),
    positions: () => reading?.positions([]) ?? Promise.resolve(new Map<string, bigint>()),
    /** Everything once more from offset 0, as after a lost offset. */
    handOverAgain: () => handOver(everything.map((one) => one.record)),
  };
}
