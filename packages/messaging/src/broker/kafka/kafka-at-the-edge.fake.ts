import type { Kafka } from 'kafkajs';

type Listener = (event: { readonly payload: Readonly<Record<string, unknown>> }) => void;

/** Stands where kafkajs stands: does nothing by itself, and reports what the test says. */
export function kafkaAtTheEdge() {
  const listeners = new Map<string, Listener>();
  const calls: string[] = [];
  let eachBatch: ((payload: object) => Promise<void>) | undefined;
  let concurrently = 0;
  let opened = 0;
  let ended = false;
  const byPartition =
    (what: string) =>
    (given: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): void => {
      if (ended) throw new Error('the consumer is not running');
      for (const { topic, partitions } of given) calls.push(...partitions.map((each) => `${what} ${topic}/${each}`));
    };
  const consumer = {
    on: (name: string, listener: Listener) => void listeners.set(name, listener),
    connect: async () => {},
    subscribe: async () => {},
    run: async (config: {
      readonly partitionsConsumedConcurrently: number;
      readonly eachBatch: (payload: object) => Promise<void>;
    }) => void ({ eachBatch, partitionsConsumedConcurrently: concurrently } = config),
    disconnect: async () => {},
    commitOffsets: async () => {},
    seek: ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) =>
      void calls.push(`seek ${topic}/${partition} ${offset}`),
    pause: byPartition('pause'),
    resume: byPartition('resume'),
  };
  const client = (): Kafka => ({ consumer: () => ((opened += 1), consumer) }) as unknown as Kafka;
  const report = (event: string, payload: Readonly<Record<string, unknown>> = {}): void =>
    listeners.get(`consumer.${event}`)?.({ payload });
  return {
    calls,
    client,
    opened: () => opened,
    /** Batches that kafkajs hands over without waiting for the one before. */
    concurrently: () => concurrently,
    report,
    /** From now on kafkajs refuses to pause and resume, as it does between a crash and its report. */
    end: () => void (ended = true),
    join: (...partitions: number[]) => report('group_join', { memberAssignment: { orders: partitions } }),
    /** Answers whether kafkajs may go on behind it. */
    async fetch(
      partition: number,
      from: number,
      texts: readonly string[],
      { stale = false, values = texts.map((text) => Buffer.from(text)) } = {},
    ): Promise<boolean> {
      let accepted = false;
      const messages = values.map((value, i) => ({ offset: String(from + i), key: null, value, timestamp: '0' }));
      const batch = {
        topic: 'orders',
        partition,
        fetchedOffset: String(from),
        highWatermark: String(from + texts.length),
        messages,
        lastOffset: () => String(from + texts.length - 1),
      };
      await eachBatch?.({ batch, isStale: () => stale, resolveOffset: () => void (accepted = true) });
      return accepted;
    },
  };
}

export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
