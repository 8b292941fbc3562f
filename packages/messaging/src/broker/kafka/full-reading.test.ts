import { createVirtualTime, silentLog, type VirtualTime } from '@g-store/runtime';
import type { Reading } from '../../broker.js';
import { defaultTuning } from './consumer.js';
import { startFullReading } from './full-reading.js';
import { kafkaAtTheEdge, settle } from './kafka-at-the-edge.fake.js';
import type { Questions } from './questions.js';

describe('a reader of everything', () => {
  let time: VirtualTime;
  let edge: ReturnType<typeof kafkaAtTheEdge>;
  let reading: Reading;
  const seen: string[] = [];

  beforeEach(async () => {
    time = createVirtualTime();
    edge = kafkaAtTheEdge();
    seen.length = 0;
    const ends = async () =>
      new Map([0, 1].map((partition) => [partition, { low: 0n, high: partition === 0 ? 12n : 5n }] as const));
    const offsetsSince = async () =>
      new Map([0, 1].map((partition) => [partition, partition === 0 ? 10n : 5n] as const));
    const questions: Questions = {
      partitions: async () => new Map(),
      clusterId: async () => '',
      ends,
      offsetsSince,
      close: async () => {},
    };
    const ports = { clock: time.clock, timers: time.timers, randomness: { next: () => 0.5 }, log: silentLog };
    reading = startFullReading(
      {
        topics: ['orders'],
        since: 0,
        onBatch: ({ records }) => void seen.push(...records.map(({ value }) => String(value))),
      },
      'own',
      { client: edge.client, questions, tuning: defaultTuning, ...ports },
    );
    await settle();
  });
  afterEach(() => reading[Symbol.asyncDispose]());

  it('loses nothing and repeats nothing when it has to join again', async () => {
    edge.join(0, 1);
    await edge.fetch(0, 10, ['a', 'b']);
    edge.calls.length = 0;
    edge.join(0, 1);
    // At once, inside the join: afterwards it would have fetched from elsewhere already.
    expect(edge.calls).toEqual(['seek orders/0 12', 'resume orders/0', 'seek orders/1 5', 'resume orders/1']);
    expect(await edge.fetch(0, 10, ['a', 'b'])).toBe(false);
    await settle();
    await edge.fetch(0, 12, ['c']);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('is ready when it has read to where the partitions ended as it began', async () => {
    edge.join(0, 1);
    expect(reading.ready).toBe(false);
    await edge.fetch(0, 10, ['a']);
    expect(reading.ready).toBe(false);
    await edge.fetch(0, 11, ['b']);
    expect(reading.ready).toBe(true);
    edge.report('crash', { error: new Error('gone') });
    await settle();
    expect(reading.ready).toBe(true);
  });

  it('goes on in memory where it was when its consumer is replaced', async () => {
    edge.join(0, 1);
    await edge.fetch(0, 10, ['a', 'b']);
    edge.report('crash', { error: new Error('gone') });
    await settle();
    await time.advance(1_000);
    edge.calls.length = 0;
    edge.join(0, 1);
    expect([edge.opened(), edge.calls[0]]).toEqual([2, 'seek orders/0 12']);
  });
});
