import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import {
  partitionKey,
  type Batch,
  type Broker,
  type GroupReading,
  type OutgoingRecord,
  type TopicPartition,
} from '../src/broker.js';

export interface Subject {
  /** A broker as a service has one; several see the same topics. */
  connect(): Promise<Broker>;
  /** A topic that nobody else uses. */
  topic(partitions: number): Promise<string>;
  dispose(): Promise<void>;
}

export const record = (topic: string, partition: number, text: string): OutgoingRecord => ({
  topic,
  partition,
  key: Buffer.from(`key-${text}`),
  value: Buffer.from(text),
});

export const textsOf = ({ records }: Batch): string[] => records.map(({ value }) => value?.toString() ?? '');

/** What a service does with what it reads: it keeps how far it has come, and here also what it saw. */
export function notebook() {
  const kept = new Map<string, bigint>();
  const texts: string[] = [];
  const batches: Batch[] = [];
  return {
    kept,
    texts,
    batches,
    note(batch: Batch): void {
      batches.push(batch);
      texts.push(...textsOf(batch));
      const last = batch.records.at(-1);
      if (last) kept.set(partitionKey(batch.topic, batch.partition), last.offset + 1n);
    },
    positions: async (owned: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> => {
      const wanted = new Set(owned.map(({ topic, partition }) => partitionKey(topic, partition)));
      return new Map([...kept].filter(([key]) => wanted.has(key)));
    },
  };
}

export type Notebook = ReturnType<typeof notebook>;

export const reader = (topic: string, notes: Notebook, changes: Partial<GroupReading> = {}): GroupReading => ({
  group: `group-${randomUUID()}`,
  topics: [topic],
  maxBatch: 500,
  positions: notes.positions,
  onBatch: async (batch) => notes.note(batch),
  ...changes,
});

/** A door that a batch waits at. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

const numbers = (count: number, prefix = ''): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** What every broker promises, whichever it is. */
export function brokerContract(name: string, start: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let broker: Broker;
    beforeAll(async () => {
      subject = await start();
      broker = await subject.connect();
    });
    afterAll(() => subject.dispose());

    it.each([
      ['', {}],
      [', also to one who gathers', { gatherMs: 100 }],
    ])('delivers what was appended, in order and byte for byte%s', async (_whom, changes) => {
      const topic = await subject.topic(2);
      const bytes = Buffer.from([0, 255, 10, 13, 128]);
      const notes = notebook();
      await using _reading = await broker.readAsGroup(reader(topic, notes, changes));
      await broker.append([
        record(topic, 0, 'a'),
        { topic, partition: 1, key: bytes, value: bytes },
        record(topic, 0, 'b'),
      ]);
      await broker.append([record(topic, 0, 'c')]);
      await eventually(() => expect(notes.texts).toHaveLength(4), { within: 15_000 });
      const of = (partition: number) =>
        notes.batches.filter((batch) => batch.partition === partition).flatMap(({ records }) => records);
      expect(of(0).map(({ value }) => value?.toString())).toEqual(['a', 'b', 'c']);
      expect(of(0).map(({ offset }) => offset - (of(0)[0]?.offset ?? 0n))).toEqual([0n, 1n, 2n]);
      expect(of(1)[0]).toMatchObject({ key: bytes, value: bytes });
      expect(Math.abs(Date.now() - (of(1)[0]?.timestamp ?? 0))).toBeLessThan(60_000);
    });

    it('gives a batch again until it is handled, and nothing after it before', async () => {
      const topic = await subject.topic(1);
      const notes = notebook();
      let failures = 0;
      await using _reading = await broker.readAsGroup(
        reader(topic, notes, {
          maxBatch: 2,
          onBatch: async (batch) => {
            if (failures < 3) {
              failures += 1;
              throw new Error('the database is away');
            }
            notes.note(batch);
          },
        }),
      );
      await broker.append(numbers(5).map((text) => record(topic, 0, text)));
      await eventually(() => expect(notes.texts).toHaveLength(5), { within: 15_000 });
      expect(notes.texts).toEqual(numbers(5));
      expect(failures).toBe(3);
    });

    it('hands over one batch of a partition at a time, while other partitions go on', async () => {
      const topic = await subject.topic(2);
      const notes = notebook();
      const slow = gate();
      let together = 0;
      let most = 0;
      await using _reading = await broker.readAsGroup(
        reader(topic, notes, {
          maxBatch: 10,
          onBatch: async (batch) => {
            if (batch.partition === 0) {
              most = Math.max(most, (together += 1));
              await slow.passed;
              together -= 1;
            }
            notes.note(batch);
          },
        }),
      );
      const appended = Promise.all([
        broker.append(numbers(30, 'slow-').map((text) => record(topic, 0, text))),
        broker.append(numbers(30, 'quick-').map((text) => record(topic, 1, text))),
      ]);
      await eventually(() => expect(notes.texts).toEqual(numbers(30, 'quick-')), { within: 15_000 });
      slow.open();
      await appended;
      await eventually(() =>
        expect(notes.texts.filter((text) => text.startsWith('slow'))).toEqual(numbers(30, 'slow-')),
      );
      expect(most).toBe(1);
      expect(Math.max(...notes.batches.map(({ records }) => records.length))).toBe(10);
    });

    it('goes on where the service says that it stopped', async () => {
      const topic = await subject.topic(1);
      await broker.append(numbers(10).map((text) => record(topic, 0, text)));
      const notes = notebook();
      notes.kept.set(partitionKey(topic, 0), (await broker.earliest(topic, 0)) + 7n);
      await using _reading = await broker.readAsGroup(reader(topic, notes));
      await eventually(() => expect(notes.texts).toEqual(['7', '8', '9']), { within: 15_000 });
    });

    it.each([
      ['lies beyond the end, as after the topic was made anew', (earliest: bigint) => earliest + 1_000_000n],
      ['lies before the beginning', (earliest: bigint) => earliest - 1n],
    ])('begins with the earliest record when a position %s', async (_what, position) => {
      const topic = await subject.topic(1);
      await broker.append(numbers(3).map((text) => record(topic, 0, text)));
      const notes = notebook();
      notes.kept.set(partitionKey(topic, 0), position(await broker.earliest(topic, 0)));
      await using reading = await broker.readAsGroup(reader(topic, notes));
      await eventually(() => expect(notes.texts).toEqual(numbers(3)), { within: 15_000 });
      await eventually(() => expect(reading.lag()).toEqual(new Map([[partitionKey(topic, 0), 0n]])));
    });

    it('asks for the positions again until it is told', async () => {
      const topic = await subject.topic(1);
      await broker.append([record(topic, 0, 'a')]);
      const notes = notebook();
      let asked = 0;
      const positions = async (owned: readonly TopicPartition[]) => {
        asked += 1;
        if (asked < 3) throw new Error('the database is away');
        return notes.positions(owned);
      };
      await using reading = await broker.readAsGroup(reader(topic, notes, { positions }));
      expect(reading.ready).toBe(false);
      await eventually(() => expect(notes.texts).toEqual(['a']), { within: 15_000 });
      expect(reading.ready).toBe(true);
    });

    it('shares the partitions among the members of a group, and gives those of one who leaves to the other', async () => {
      const topic = await subject.topic(4);
      const other = await subject.connect();
      const [first, second] = [notebook(), notebook()];
      const kept = notebook();
      const group = `group-${randomUUID()}`;
      const as = (notes: Notebook): GroupReading =>
        reader(topic, notes, {
          group,
          positions: kept.positions,
          onBatch: async (batch) => {
            notes.note(batch);
            kept.note(batch);
          },
        });
      const all = (round: string) => numbers(4).map((text, partition) => record(topic, partition, `${round}${text}`));
      const a = await broker.readAsGroup(as(first));
      await broker.append(all('alone-'));
      await eventually(() => expect(first.texts).toHaveLength(4), { within: 15_000 });

      const b = await other.readAsGroup(as(second));
      await eventually(() => expect([a.lag().size, b.lag().size, a.ready, b.ready]).toEqual([2, 2, true, true]), {
        within: 20_000,
      });
      await broker.append(all('shared-'));
      await eventually(() => expect(kept.texts).toHaveLength(8), { within: 15_000 });
      expect([first.texts.length, second.texts.length]).toEqual([6, 2]);

      await a[Symbol.asyncDispose]();
      await eventually(() => expect(b.lag().size).toBe(4), { within: 20_000 });
      await broker.append(all('left-'));
      await eventually(() => expect(kept.texts).toHaveLength(12), { within: 15_000 });
      expect(second.texts).toHaveLength(6);
      expect(new Set(kept.texts).size).toBe(12);
      await b[Symbol.asyncDispose]();
    });

    it('tells a batch in hand that its partition is lost, and has it read again by whoever owns the partition next', async () => {
      const topic = await subject.topic(2);
      const group = `group-${randomUUID()}`;
      const notes = notebook();
      const aborted: number[] = [];
      const stuck = (batch: Batch, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(batch.partition);
            reject(new Error('dropped'));
          });
        });
      const other = await subject.connect();
      await using a = await broker.readAsGroup(reader(topic, notes, { group, onBatch: stuck }));
      await eventually(() => expect(a.ready).toBe(true), { within: 15_000 });
      const appended = broker.append([record(topic, 0, 'p0'), record(topic, 1, 'p1')]);
      await eventually(() => expect([...a.lag().values()]).toEqual([1n, 1n]), { within: 15_000 });
      await using b = await other.readAsGroup(reader(topic, notes, { group }));
      await eventually(() => expect(b.ready).toBe(true), { within: 20_000 });
      await eventually(() => expect(notes.texts).toHaveLength(1), { within: 15_000 });
      expect(aborted.sort()).toEqual([0, 1]);
      await a[Symbol.asyncDispose]();
      await eventually(() => expect([...notes.texts].sort()).toEqual(['p0', 'p1']), { within: 20_000 });
      await appended;
    });

    it('shows everything since a moment to everyone who reads for himself', async () => {
      const topic = await subject.topic(2);
      await broker.append([record(topic, 0, 'long ago')]);
      const appended = Date.now();
      const since = await eventually(() => Date.now() > appended && Date.now());
      await broker.append([record(topic, 0, 'a'), record(topic, 1, 'b')]);
      const other = await subject.connect();
      const readers = await Promise.all(
        [broker, other].map(async (each) => {
          const notes = notebook();
          return { notes, reading: await each.readEverything({ topics: [topic], since, onBatch: notes.note }) };
        }),
      );
      await eventually(() => expect(readers.map(({ reading }) => reading.ready)).toEqual([true, true]), {
        within: 15_000,
      });
      await broker.append([record(topic, 1, 'c')]);
      for (const { notes } of readers) {
        await eventually(() => expect([...notes.texts].sort()).toEqual(['a', 'b', 'c']));
      }
      await Promise.all(readers.map(({ reading }) => reading[Symbol.asyncDispose]()));
    });

    it('stops while it is paused and misses nothing', async () => {
      const topic = await subject.topic(1);
      const [mine, everything] = [notebook(), notebook()];
      await using group = await broker.readAsGroup(reader(topic, mine));
      await using full = await broker.readEverything({ topics: [topic], since: 0, onBatch: everything.note });
      await eventually(() => expect([group.ready, full.ready]).toEqual([true, true]), { within: 15_000 });
      for (const reading of [group, full]) reading.pause();
      const appended = broker.append([record(topic, 0, 'a')]);
      const witness = notebook();
      await using other = await broker.readEverything({ topics: [topic], since: 0, onBatch: witness.note });
      await eventually(() => expect(witness.texts).toEqual(['a']), { within: 15_000 });
      expect(other.ready).toBe(true);
      expect([mine.texts, everything.texts]).toEqual([[], []]);
      for (const reading of [group, full]) reading.resume();
      await eventually(() => expect([mine.texts, everything.texts]).toEqual([['a'], ['a']]));
      await appended;
    });

    it('counts what is not handled yet', async () => {
      const topic = await subject.topic(1);
      const notes = notebook();
      const door = gate();
      await using reading = await broker.readAsGroup(
        reader(topic, notes, {
          maxBatch: 2,
          onBatch: async (batch) => {
            if (notes.texts.length > 0) await door.passed;
            notes.note(batch);
          },
        }),
      );
      const appended = broker.append(numbers(5).map((text) => record(topic, 0, text)));
      await eventually(() => expect(reading.lag()).toEqual(new Map([[partitionKey(topic, 0), 3n]])), {
        within: 15_000,
      });
      door.open();
      await appended;
      await eventually(() => expect(reading.lag()).toEqual(new Map([[partitionKey(topic, 0), 0n]])));
    });

    it('delivers nothing more once a reading is closed, and the batch in hand has ended by then', async () => {
      const topic = await subject.topic(1);
      const notes = notebook();
      let inHand = 0;
      const reading = await broker.readAsGroup(
        reader(topic, notes, {
          maxBatch: 1,
          onBatch: (batch, signal) => {
            inHand += 1;
            notes.note(batch);
            return new Promise((resolve) =>
              signal.addEventListener('abort', () => {
                inHand -= 1;
                resolve();
              }),
            );
          },
        }),
      );
      const appended = broker.append([record(topic, 0, 'a'), record(topic, 0, 'b')]).catch(() => {});
      await eventually(() => expect(notes.texts).toEqual(['a']), { within: 15_000 });
      await reading[Symbol.asyncDispose]();
      expect(inHand).toBe(0);
      expect(notes.texts).toEqual(['a']);
      await appended;
    });

    it('knows which topics there are, and refuses to append to others', async () => {
      const topic = await subject.topic(3);
      expect(await broker.partitions([topic, 'no-such-topic'])).toEqual(new Map([[topic, 3]]));
      await expect(broker.append([record('no-such-topic', 0, 'a')])).rejects.toThrow();
      await expect(broker.append([record(topic, 7, 'a')])).rejects.toThrow();
      await expect(broker.append([record(topic, 2, 'a')])).resolves.toBeUndefined();
    });

    it('says which cluster it is, the same to everyone', async () => {
      const other = await subject.connect();
      expect(await other.clusterId()).toBe(await broker.clusterId());
      expect(await broker.clusterId()).not.toBe('');
    });
  });
}
