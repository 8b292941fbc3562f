import { partitionFor, partitionKey, type Broker, type Reading } from '@g-store/messaging';
import type { Clock, Health, Log, Metrics, Timers } from '@g-store/runtime';
import { createLive, type Live, type LiveOptions } from '../live/live.js';
import type { OrderStates } from '../live/present-state.js';

export interface LiveReadingOptions extends Pick<LiveOptions, 'windowMs' | 'ringBytes' | 'limits' | 'read'> {
  readonly broker: Broker;
  readonly topics: readonly { readonly name: string; readonly partitions: number }[];
  /** The topic whose keys are orders. */
  readonly orderTopic: { readonly name: string; readonly partitions: number };
  /** Raised by hand when a topic is made anew. */
  readonly epoch: string;
  readonly statesOf: (cluster: string) => OrderStates;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface LiveReading extends AsyncDisposable {
  /** Undefined until every partition has been read up to where it ended. */
  live(): Live | undefined;
}

const PART = 'live feed';
const LOOK_AGAIN_MS = 20;
const ASK_AGAIN_MS = 500;

/** Reads every partition into a live feed, from the beginning of the window on; begins in the background, for Kafka may be away. */
export function startLiveReading(options: LiveReadingOptions): LiveReading {
  const { broker, topics, orderTopic, clock, timers, health, metrics, log } = options;
  const stopping = new AbortController();
  const events = metrics.counter('live_events_total', 'Records that the live feed has read, by what they were', [
    'result',
  ]);
  let live: Live | undefined;
  let ready = false;
  let reading: Reading | undefined;

  const insist = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        log.warn({ err: error }, 'the live feed waits for Kafka');
        await timers.sleep(ASK_AGAIN_MS, stopping.signal);
      }
    }
  };
  const originsOf = async (): Promise<ReadonlyMap<string, number>> => {
    const partitions = topics.flatMap(({ name, partitions: count }) =>
      Array.from({ length: count }, (_, partition) => ({ name, partition })),
    );
    return new Map(
      await Promise.all(
        partitions.map(
          async ({ name, partition }) =>
            [partitionKey(name, partition), Number(await broker.earliest(name, partition))] as const,
        ),
      ),
    );
  };

  const begin = async (): Promise<void> => {
    const cluster = await insist(() => broker.clusterId());
    const origins = await insist(originsOf);
    const made = createLive({
      ...options,
      epoch: `${cluster} ${options.epoch}`,
      orders: {
        topic: orderTopic.name,
        partitionOf: (orderId) => partitionFor(Buffer.from(orderId), orderTopic.partitions),
      },
      originOf: (topic, partition) => origins.get(partitionKey(topic, partition)) ?? 0,
      states: options.statesOf(cluster),
      count(result, error) {
        events.inc({ result });
        if (error !== undefined) log.error({ err: error }, 'an event of the live feed could not be read');
      },
    });
    live = made;
    reading = await broker.readEverything({
      topics: topics.map(({ name }) => name),
      since: clock.now().getTime() - options.windowMs,
      onStart: made.feed.begin,
      onBatch: made.feed.take,
    });
    while (!reading.ready) await timers.sleep(LOOK_AGAIN_MS, stopping.signal);
    ready = true;
    health.report(PART, { ok: true });
  };

  health.report(PART, { ok: false, detail: 'catching up' });
  const beginning = begin().catch((error: unknown) => {
    if (!stopping.signal.aborted) log.error({ err: error }, 'the live feed did not begin');
  });
  return {
    live: () => (ready ? live : undefined),
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('stopping'));
      await beginning;
      await reading?.[Symbol.asyncDispose]();
      live?.hub[Symbol.dispose]();
    },
  };
}
