import { createInProcessBroker } from '../src/index.js';
import { brokerContract, gate, notebook, reader, record } from './broker-contract.js';

brokerContract('a broker within the process', async () => {
  const names = [1, 2, 3, 4].flatMap((partitions) =>
    Array.from({ length: 20 }, (_, i) => [`topic-${partitions}-${i}`, partitions] as const),
  );
  const unused = [...names];
  const broker = createInProcessBroker({ partitions: Object.fromEntries(names) });
  return {
    connect: async () => broker,
    topic: async (partitions) => {
      const found = unused.findIndex(([, count]) => count === partitions);
      const [name] = unused.splice(found, 1)[0] ?? ['none'];
      return name;
    },
    dispose: () => broker.close(),
  };
});

describe('an append within the process', () => {
  it('is acknowledged only when everyone who reads the topic has handled it', async () => {
    const broker = createInProcessBroker({ partitions: { orders: 1 } });
    const [quick, slow] = [notebook(), notebook()];
    const door = gate();
    await broker.readAsGroup(reader('orders', quick));
    await broker.readAsGroup(
      reader('orders', slow, {
        onBatch: async (batch) => {
          await door.passed;
          slow.note(batch);
        },
      }),
    );
    let acknowledged = false;
    const appended = broker.append([record('orders', 0, 'a')]).then(() => (acknowledged = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([quick.texts, acknowledged]).toEqual([['a'], false]);
    door.open();
    await appended;
    expect(slow.texts).toEqual(['a']);
    await broker.close();
  });

  it('is refused when its reader has gone, for nothing but the memory of this process would hold it', async () => {
    const broker = createInProcessBroker({ partitions: { orders: 1 } });
    const notes = notebook();
    const group = 'payments';
    const stuck = await broker.readAsGroup(reader('orders', notes, { group, onBatch: () => new Promise(() => {}) }));
    const appended = broker.append([record('orders', 0, 'a')]);
    const outcome = expect(appended).rejects.toThrow('nobody of group payments');
    void stuck[Symbol.asyncDispose]();
    await outcome;
    await expect(broker.append([record('orders', 0, 'b')])).rejects.toThrow('nobody of group payments');
  });

  it('reaches a reader that has come to an offset of an earlier run of the process', async () => {
    const notes = notebook();
    const before = createInProcessBroker({
      partitions: { orders: 1 },
      clock: { now: () => new Date(1_000), monotonicMs: () => 0 },
    });
    await before.readAsGroup(reader('orders', notes));
    await before.append([record('orders', 0, 'yesterday'), record('orders', 0, 'yesterday')]);
    await before.close();

    const after = createInProcessBroker({
      partitions: { orders: 1 },
      clock: { now: () => new Date(2_000), monotonicMs: () => 0 },
    });
    await after.append([0, 1, 2, 3].map(() => record('orders', 0, 'today')));
    await after.readAsGroup(reader('orders', notes));
    await after.append([record('orders', 0, 'today')]);
    expect(notes.texts.filter((text) => text === 'today')).toHaveLength(5);
    await after.close();
  });
});
