import { topics } from '@g-store/contracts';
import { createInProcessBroker, type Broker } from '@g-store/messaging';
import type { Clock, Randomness, Timers } from '@g-store/runtime';

export interface InMemoryOptions {
  /** Partition count by topic; those of the catalogue when left out. */
  readonly partitions?: Readonly<Record<string, number>>;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly randomness?: Randomness;
}

/** A broker with every topic of the catalogue, gone when it is disposed of. */
export async function startBrokerInMemory({ partitions, ...ports }: InMemoryOptions = {}): Promise<
  Broker & AsyncDisposable
> {
  const catalogue = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic.partitions]));
  const broker = createInProcessBroker({ partitions: partitions ?? catalogue, ...ports });
  return { ...broker, [Symbol.asyncDispose]: () => broker.close() };
}
