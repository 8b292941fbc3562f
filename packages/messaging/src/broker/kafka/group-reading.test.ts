import { createVirtualTime, silentLog, type VirtualTime } from '@g-store/runtime';
import { partitionKey, type Batch, type GroupReading, type Reading } from '../../broker.js';
import { defaultTuning } from './consumer.js';
import { kafkaAtTheEdge, settle } from './kafka-at-the-edge.fake.js';
import { startGroupReading } from './group-reading.js';
import type { Ends, Questions } from './questions.js';

describe('a member of a group', () => {
  let time: VirtualTime;
  let edge: ReturnType<typeof kafkaAtTheEdge>;
  let reading: Reading;
  let ends: Ends;
  const kept = new Map<string, bigint>();
  const asked: string[] = [];
  const handled: string[] = [];

  const start = async (changes: Partial<GroupReading> = {}): Promise<void> => {
    const questions: Questions = {
      partitions: async () => new Map(),
      clusterId: async () => 'cluster',
      ends: async () => new Map([0, 1].map((partition) => [partition, ends] as const)),
      offsetsSince: async () => new Map(),
      close: async () => {},
    };
    reading = startGroupReading(
      {
        group: 'payments',
        topics: ['orders'],
        maxBatch: 2,
        positions: async (owned) => {
          asked.push(owned.map(({ topic, partition }) => partitionKey(topic, partition)).join(' '));
          return kept;
        },
        onBatch: async ({ records }) => void handled.push(...records.map(({ value }) => String(value))),
        ...changes,
      },
      {
        client: edge.client,
        questions,
        tuning: defaultTuning,
        clock: time.clock,
        timers: time.timers,
        randomness: { next: () => 0.5 },
        log: silentLog,
      },
    );
    await settle();
  };
  const join = async (...partitions: number[]): Promise<void> => {
    edge.join(...partitions);
    await settle();
  };

  beforeEach(() => {
    time = createVirtualTime();
    edge = kafkaAtTheEdge();
    ends = { low: 0n, high: 100n };
    kept.clear();
    kept.set('orders/0', 10n);
    asked.length = handled.length = 0;
  });
  afterEach(() => reading[Symbol.asyncDispose]());

  it('fetches nothing of its partitions before it knows where to begin', async () => {
    await start();
    await join(0, 1);
    expect(edge.calls).toEqual([
      'pause orders/0',
      'pause orders/1',
      'seek orders/0 10',
      'resume orders/0',
      'seek orders/1 0',
      'resume orders/1',
    ]);
    expect(reading.ready).toBe(true);
  });

  it('throws away what was fetched before the seek took effect', async () => {
    await start();
    await join(0);
    expect(await edge.fetch(0, 10, ['early'], { stale: true })).toBe(false);
    expect(await edge.fetch(0, 10, ['a', 'b'])).toBe(true);
    await settle();
    expect(handled).toEqual(['a', 'b']);
  });

  it('throws away what another fetcher brings for where it was before the group was dealt out anew', async () => {
    await start();
    await join(0);
    await edge.fetch(0, 10, ['a', 'b', 'c', 'd']);
    await settle();
    kept.set('orders/0', 12n);
    await join(0);
    expect(await edge.fetch(0, 14, ['e', 'f'])).toBe(false);
    await settle();
    expect(edge.calls.slice(-3)).toEqual(['pause orders/0', 'seek orders/0 12', 'resume orders/0']);
    expect(await edge.fetch(0, 12, ['c', 'd', 'e'])).toBe(true);
    await settle();
    expect(handled).toEqual(['a', 'b', 'c', 'd', 'c', 'd', 'e']);
  });

  it('drops what waits when the group is dealt out anew, and asks for positions only when the batch in hand has ended', async () => {
    const door = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    await start({
      onBatch: async (batch: Batch, signal) => {
        signals.push(signal);
        await door.promise;
        handled.push(...batch.records.map(({ value }) => String(value)));
      },
    });
    await join(0);
    await edge.fetch(0, 10, ['a', 'b', 'c', 'd']);
    await settle();
    await join(0, 1);
    expect([signals.map(({ aborted }) => aborted), asked]).toEqual([[true], ['orders/0']]);
    door.resolve();
    await settle();
    expect(asked).toEqual(['orders/0', 'orders/0 orders/1']);
    expect(handled).toEqual(['a', 'b']);
  });

  it('reads from the earliest when Kafka has forgotten what comes next', async () => {
    await start();
    await join(0);
    ends = { low: 40n, high: 50n };
    expect(await edge.fetch(0, 40, ['x'])).toBe(false);
    await time.advance(10_000);
    expect(edge.calls.slice(-2)).toEqual(['seek orders/0 40', 'resume orders/0']);
    expect(await edge.fetch(0, 40, ['x'])).toBe(true);
  });

  it('keeps records after the buffer that they came in is used for something else', async () => {
    const batches: Batch[] = [];
    await start({ onBatch: async (batch) => void batches.push(batch) });
    await join(0);
    const value = Buffer.from('mine');
    await edge.fetch(0, 10, ['mine'], { values: [value] });
    await settle();
    value.fill('?');
    expect(String(batches[0]?.records[0]?.value)).toBe('mine');
  });

  it('stops fetching a partition when much is waiting, and begins again when half of it is handled', async () => {
    const doors = Array.from({ length: 20 }, () => Promise.withResolvers<void>());
    let batches = 0;
    await start({ onBatch: async () => doors[batches++]?.promise });
    await join(0);
    edge.calls.length = 0;
    await edge.fetch(0, 10, Array.from({ length: 30 }, String));
    expect(edge.calls).toEqual(['pause orders/0']);
    for (const door of doors.slice(0, 8)) {
      door.resolve();
      await settle();
    }
    expect(edge.calls).toEqual(['pause orders/0']);
    for (const door of doors) door.resolve();
    await settle();
    expect(edge.calls).toEqual(['pause orders/0', 'resume orders/0']);
  });

  it('has what was fetched at once, and nothing fetched after it until there was time to gather', async () => {
    await start({ gatherMs: 500 });
    await join(0, 1);
    const goesOn: number[] = [];
    void edge.fetch(0, 10, ['a', 'b']).then(() => goesOn.push(0));
    void edge.fetch(1, 0, ['c']).then(() => goesOn.push(1));
    await settle();
    expect([handled, goesOn]).toEqual([['a', 'b', 'c'], []]);
    await time.advance(499);
    expect(goesOn).toEqual([]);
    await time.advance(1);
    expect(goesOn).toEqual([0, 1]);
    expect(edge.concurrently()).toBeGreaterThan(1);
  });

  it('does not wait for more when it closes', async () => {
    await start({ gatherMs: 500 });
    await join(0);
    const fetched = edge.fetch(0, 10, ['a']);
    await reading[Symbol.asyncDispose]();
    expect(await fetched).toBe(true);
  });

  it('begins with a new consumer when it is behind and nothing arrives', async () => {
    await start();
    await join(0);
    for (let second = 0; second < 9; second += 1) {
      edge.report('fetch');
      await time.advance(1_000);
    }
    expect(edge.opened()).toBe(1);
    for (let second = 0; second < 4; second += 1) {
      edge.report('fetch');
      await time.advance(1_000);
    }
    expect([edge.opened(), reading.ready]).toEqual([2, false]);
  });

  it('leaves alone a consumer that waits for news', async () => {
    ends = { low: 0n, high: 10n };
    await start();
    await join(0);
    for (let second = 0; second < 60; second += 1) {
      edge.report('fetch');
      await time.advance(1_000);
    }
    expect([edge.opened(), reading.ready]).toEqual([1, true]);
  });

  it('begins with a new consumer when the old one does not even ask any more', async () => {
    ends = { low: 0n, high: 10n };
    await start();
    await join(0);
    await time.advance(25_000);
    expect(edge.opened()).toBeGreaterThan(1);
  });

  it('reads nothing more when the group is dealt out anew while it closes', async () => {
    const door = Promise.withResolvers<void>();
    await start({ onBatch: () => door.promise });
    await join(0);
    await edge.fetch(0, 10, ['a']);
    await settle();
    const closing = reading[Symbol.asyncDispose]();
    await join(0, 1);
    door.resolve();
    await closing;
    expect([asked, reading.ready]).toEqual([['orders/0'], false]);
  });

  it('survives that its consumer ends before it hears of it', async () => {
    const door = Promise.withResolvers<void>();
    await start({ maxBatch: 1, onBatch: () => door.promise });
    await join(0);
    await edge.fetch(0, 10, Array.from({ length: 20 }, String));
    edge.end();
    door.resolve();
    await settle();
    expect(reading.lag()).toEqual(new Map([['orders/0', 0n]]));
  });

  it('begins with a new consumer after a crash', async () => {
    await start();
    await join(0);
    edge.report('crash', { error: new Error('not to be repaired') });
    await settle();
    expect(reading.ready).toBe(false);
    await time.advance(1_000);
    await join(0);
    expect([edge.opened(), reading.ready]).toEqual([2, true]);
  });
});
