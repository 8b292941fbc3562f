import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brokersOf } from './kafka.mts';
import { databaseOf } from './postgres.mts';
import { services } from './services.mts';
import type { Stack } from './settings.mts';
import { wantedTopics } from './topics.mts';

/** What of the built packages is needed: their sources are not written for Node as it stands. */
interface Messaging {
  createKafkaBroker(options: object): Broker;
  republish(options: object): Promise<number>;
}
interface Broker {
  close(): Promise<void>;
}
interface Runtime {
  readonly silentLog: object;
  readonly systemRandomness: object;
  readonly systemTimers: object;
}

/**
 * Tells a new Kafka every published event that the services' outboxes still keep, in order: news to whoever had not heard it yet,
 * repeats to the others. @returns how many events
 */
export async function tellAgain(stack: Stack, signal: AbortSignal): Promise<number> {
  const since = new Date(0);
  const built = <T,>(name: string): Promise<T> =>
    import(pathToFileURL(join(stack.root, 'packages', name, 'dist', 'index.js')).href) as Promise<T>;
  const { createKafkaBroker, republish } = await built<Messaging>('messaging');
  const { silentLog: log, systemRandomness: randomness, systemTimers: timers } = await built<Runtime>('runtime');
  const told = await wantedTopics(stack);
  const broker = createKafkaBroker({ brokers: brokersOf(stack).split(','), clientId: 'republish', log });
  let sent = 0;
  try {
    for (const { name } of services) {
      const topics = told.filter(({ owner }) => owner === name);
      if (topics.length === 0) continue;
      const { url } = databaseOf(stack, name);
      sent += await republish({ databaseUrl: url, broker, topics, timers, randomness, since, signal });
    }
    return sent;
  } finally {
    await broker.close();
  }
}
