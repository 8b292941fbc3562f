import { silentLog } from '@g-store/runtime';
import { createTestTopics, eventually, kafkaBrokers } from '@g-store/testing';
import { createKafkaBroker } from '../src/index.js';
import { notebook, reader, record } from './broker-contract.js';

it('a process that has nothing to do sets few timers', async () => {
  const { idle: topic } = await createTestTopics({ idle: 6 });
  const broker = createKafkaBroker({ brokers: kafkaBrokers(), clientId: 'idle', log: silentLog });
  const notes = notebook();
  await using _reading = await broker.readAsGroup(reader(topic, notes));
  await broker.append([record(topic, 0, 'a')]);
  await eventually(() => expect(notes.texts).toEqual(['a']), { within: 20_000 });

  const original = globalThis.setTimeout;
  const delays: (number | undefined)[] = [];
  globalThis.setTimeout = Object.assign((...args: Parameters<typeof setTimeout>) => {
    delays.push(args[1]);
    return original(...args);
  }, original);
  try {
    const start = performance.now();
    await eventually(() => expect(performance.now() - start).toBeGreaterThan(2_000), { every: 500 });
  } finally {
    globalThis.setTimeout = original;
  }
  // kafkajs by itself sets a thousand a second for each connection.
  expect(delays.length / 2).toBeLessThan(100);
  expect(delays.filter((delay) => (delay ?? 0) < 2).length).toBeLessThan(5);
  await broker.close();
});
