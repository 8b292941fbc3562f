import { createServer, connect as connectSocket, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { OrderEvent, topicOf } from '@g-store/contracts';
import { silentLog } from '@g-store/runtime';
import { createDatabase, eventually, type TestDatabase } from '@g-store/testing';
import {
  announce,
  DatabaseDown,
  KeyReused,
  startUnitOfWork,
  UnitOfWorkBusy,
  type IdempotencyKey,
  type KeptReply,
  type Rows,
  type UnitOfWork,
} from '../src/index.js';
import { partitionFor } from '../src/partitioner.js';
import { because, diary, jars, lids, parts, shelf, shelfTables, type Jar } from './shelf.js';

let database: TestDatabase;
beforeAll(async () => void (database = await createDatabase({ migrations: [shelf] })));
afterAll(() => database.drop());

type Started = UnitOfWork & AsyncDisposable;
const start = (options: Partial<Parameters<typeof startUnitOfWork>[0]> = {}): Promise<Started> =>
  startUnitOfWork({ databaseUrl: database.url, tables: shelfTables, ...parts(), ...options });

const put = (rows: Rows, id: string, change: bigint): Promise<bigint> =>
  rows.find(jars, { id }).then((jar) => {
    if (jar === undefined) throw new Error('no such jar');
    rows.update(jars, { ...jar, amount: jar.amount + change, version: jar.version + 1 });
    rows.insert(diary, { id: rows.newId(), jarId: id, note: { change: String(change) }, at: rows.now });
    return jar.amount + change;
  });

const newJar = (id: string, amount = 0n): Jar => ({ id, label: `jar ${id}`, amount, version: 1 });
const aJar = async (work: UnitOfWork, amount = 0n): Promise<string> => {
  const id = randomUUID();
  await work.transact({ cause: because }, async (rows) => rows.insert(jars, newJar(id, amount)));
  return id;
};
const amountOf = async (id: string): Promise<bigint> =>
  BigInt((await database.sql`SELECT amount FROM jar WHERE id = ${id}`)[0]?.['amount'] ?? -1);
const key = (text: string, body = 'body'): IdempotencyKey => ({
  principal: 'alice',
  route: 'PUT /jar',
  key: text,
  fingerprint: Buffer.from(body),
});

describe('a unit of work', () => {
  it('commits rows, diary and event together', async () => {
    await using work = await start();
    const id = randomUUID();
    await work.transact({ cause: { correlationId: 'c1', traceparent: '00-aa' } }, async (rows) => {
      rows.insert(jars, newJar(id, 5n));
      rows.insert(lids, { jarId: id, colour: null });
      rows.insert(diary, { id: rows.newId(), jarId: id, note: { quote: '"{},\\' }, at: rows.now });
      rows.tell(OrderEvent, {
        key: id,
        version: 1,
        owner: 'u1',
        case: 'cancelled',
        value: { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u1' },
      });
    });
    expect(await amountOf(id)).toBe(5n);
    expect(await database.sql`SELECT colour FROM lid WHERE jar_id = ${id}`).toEqual([{ colour: null }]);
    expect((await database.sql`SELECT note FROM diary WHERE jar_id = ${id}`)[0]?.['note']).toEqual({ quote: '"{},\\' });
    // Where Kafka's own producer would put it: a key that changed its partition would lose its order.
    const key = Buffer.from(id);
    const told = await database.sql`SELECT part FROM outbox WHERE key = ${key}`;
    expect(told).toEqual([{ part: partitionFor(key, topicOf(OrderEvent).partitions) }]);
  });

  it('writes nothing of a run that throws, and lets its neighbours pass', async () => {
    await using work = await start({ connections: 1 });
    const [good, bad] = [await aJar(work, 10n), await aJar(work, 10n)];
    const results = await Promise.allSettled([
      work.transact({ announced: [announce(jars, { id: good })], cause: because }, (rows) => put(rows, good, 1n)),
      work.transact({ announced: [announce(jars, { id: bad })], cause: because }, async (rows) => {
        await put(rows, bad, 5n);
        rows.tell(OrderEvent, {
          key: bad,
          version: 2,
          owner: 'u',
          case: 'cancelled',
          value: { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u' },
        });
        throw new Error('changed my mind');
      }),
      work.transact({ announced: [announce(jars, { id: bad })], cause: because }, (rows) => put(rows, bad, 2n)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await amountOf(good)).toBe(11n);
    expect(await amountOf(bad)).toBe(12n);
    expect(await database.sql`SELECT 1 FROM diary WHERE jar_id = ${bad}`).toHaveLength(1);
    expect(await database.sql`SELECT 1 FROM outbox WHERE key = ${Buffer.from(bad)}`).toHaveLength(0);
  });

  it('two decisions on one aggregate in one batch: the second sees what the first left', async () => {
    await using work = await start({ connections: 1 });
    const id = await aJar(work);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        work.transact({ announced: [announce(jars, { id })], cause: because }, (rows) => put(rows, id, 1n)),
      ),
    );
    expect(replies.map(({ reply }) => reply)).toEqual(Array.from({ length: 50 }, (_, i) => BigInt(i + 1)));
    expect(await database.sql`SELECT amount::int, version FROM jar WHERE id = ${id}`).toEqual([
      { amount: 50, version: 51 },
    ]);
  });

  it('counts every one of many puts from several instances, and none has to run again: they wait at the lock', async () => {
    const again: string[] = [];
    const log = { ...silentLog, debug: (_fields: object, message: string) => void again.push(message) };
    await using one = await start({ log });
    await using two = await start({ log });
    const id = await aJar(one);
    const putOne = (work: UnitOfWork, announced: boolean) =>
      work.transact({ announced: announced ? [announce(jars, { id })] : [], cause: because }, (rows) =>
        put(rows, id, 1n),
      );
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 30 }, (_, i) => putOne(i % 2 ? one : two, i % 3 > 0)));
    }
    expect(await amountOf(id)).toBe(300n);
    expect(await database.sql`SELECT 1 FROM diary WHERE jar_id = ${id}`).toHaveLength(300);
    expect(again).toEqual([]);
  });

  it('overlapping batches do not deadlock', async () => {
    const { log, deadlocks } = deadlockLog();
    await using one = await start({ log });
    await using two = await start({ log });
    const ids = await Promise.all(Array.from({ length: 20 }, () => aJar(one)));
    const shuffled = (seed: number): string[] =>
      ids
        .map((id, i) => ({ id, at: (i * 7 + seed * 13) % 20 }))
        .sort((a, b) => a.at - b.at)
        .map(({ id }) => id);
    const putAll = (work: UnitOfWork, order: readonly string[]) =>
      work.transact({ announced: order.map((id) => announce(jars, { id })), cause: because }, async (rows) => {
        for (const id of order) await put(rows, id, 1n);
      });
    // One batch of each instance at a time: on one instance, those that meet wait for each other anyway.
    for (let round = 0; round < 30; round++)
      await Promise.all([putAll(one, shuffled(round)), putAll(two, shuffled(round + 1))]);
    expect(await Promise.all(ids.map(amountOf))).toEqual(ids.map(() => 60n));
    expect(deadlocks).toEqual([]);
  });

  it('batches that insert the same rows do not deadlock: the second sees what the first made', async () => {
    const { log, deadlocks } = deadlockLog();
    await using one = await start({ log });
    await using two = await start({ log });
    const fill = (work: UnitOfWork, ids: readonly string[]) =>
      work.transact({ announced: ids.map((id) => announce(jars, { id })), cause: because }, async (rows) => {
        for (const id of ids) if ((await rows.find(jars, { id })) === undefined) rows.insert(jars, newJar(id, 1n));
      });
    for (let round = 0; round < 10; round++) {
      const ids = Array.from({ length: 300 }, () => randomUUID());
      await Promise.all([fill(one, ids), fill(two, ids.toReversed())]);
      expect(await database.sql`SELECT 1 FROM jar WHERE id = ANY (${ids})`).toHaveLength(300);
    }
    expect(deadlocks).toEqual([]);
  });

  it('stale update in a flush: COMMIT lands nothing when a row is not in the version it was loaded in', async () => {
    await using work = await start({ connections: 1 });
    const id = await aJar(work, 1n);
    let runs = 0;
    await work.transact({ cause: because }, async (rows) => {
      const jar = await rows.find(jars, { id });
      runs += 1;
      // As if somebody had got past the lock: the version loaded is no longer the version there.
      rows.update(jars, { ...(jar as Jar), amount: 100n, version: 2 });
      if (runs === 1) Object.assign(jar as object, { version: 7 });
    });
    expect(runs).toBe(2);
    expect(await database.sql`SELECT amount::int, version FROM jar WHERE id = ${id}`).toEqual([
      { amount: 100, version: 2 },
    ]);
  });

  it('finds the one command whose data the database refuses, and commits the others', async () => {
    await using work = await start({ connections: 1 });
    const ids = await Promise.all(Array.from({ length: 9 }, () => aJar(work, 5n)));
    const results = await Promise.allSettled(
      ids.map((id, i) =>
        work.transact({ announced: [announce(jars, { id })], cause: because }, (rows) =>
          put(rows, id, i === 4 ? -6n : 1n),
        ),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(ids.map((_, i) => (i === 4 ? 'rejected' : 'fulfilled')));
    expect(await Promise.all(ids.map(amountOf))).toEqual(ids.map((_, i) => (i === 4 ? 5n : 6n)));
  });

  it('runs once more when somebody else inserted the row first, and then sees it', async () => {
    await using one = await start();
    await using two = await start();
    const openJar = (label: string) => async (rows: Rows) => {
      const there = await rows.find(jars, { label });
      if (there) return 'was there';
      rows.insert(jars, { ...newJar(rows.newId()), label });
      return 'opened';
    };
    for (let round = 0; round < 20; round++) {
      const replies = await Promise.all(
        [one, two].map((work) => work.transact({ cause: because }, openJar(`shared ${round}`))),
      );
      expect(replies.map(({ reply }) => reply).sort()).toEqual(['opened', 'was there']);
    }
  });

  it('refuses more commands than it will hold', async () => {
    await using work = await start({ maxQueue: 3 });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => aJar(work)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect((results[4] as PromiseRejectedResult).reason).toBeInstanceOf(UnitOfWorkBusy);
  });

  it('finishes what it has taken before it closes', async () => {
    const work = await start();
    const opened = Array.from({ length: 20 }, () => aJar(work));
    await work[Symbol.asyncDispose]();
    expect(await Promise.all(opened)).toHaveLength(20);
  });
});

describe('an idempotency key', () => {
  const putOnce = (work: UnitOfWork, id: string, idempotency: IdempotencyKey) =>
    work.transact<KeptReply>({ announced: [announce(jars, { id })], idempotency, cause: because }, async (rows) => ({
      status: 200,
      body: { amount: Number(await put(rows, id, 1n)) },
    }));

  it('double click in one batch: one effect, one answer', async () => {
    await using work = await start({ connections: 1 });
    const id = await aJar(work);
    let runs = 0;
    const click = () =>
      work.transact<KeptReply>(
        { announced: [announce(jars, { id })], idempotency: key('click'), cause: because },
        async (rows) => {
          runs += 1;
          return { status: 200, body: { amount: Number(await put(rows, id, 1n)) } };
        },
      );
    const replies = await Promise.all(Array.from({ length: 10 }, click));
    // The key's row would stop a second effect too, by having the whole batch run again in halves.
    expect(runs).toBe(1);
    expect(replies.map(({ reply }) => reply.body)).toEqual(Array.from({ length: 10 }, () => ({ amount: 1 })));
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await amountOf(id)).toBe(1n);
  });

  it('answers a repeat on another instance from what was kept', async () => {
    await using one = await start();
    await using two = await start();
    const id = await aJar(one);
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, i) => putOnce(i % 2 ? one : two, id, key('both'))),
    );
    expect(new Set(replies.map(({ reply }) => JSON.stringify(reply))).size).toBe(1);
    expect(replies.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await amountOf(id)).toBe(1n);
  });

  it('refuses another body under the same key, in the same batch and later', async () => {
    await using work = await start({ connections: 1 });
    const id = await aJar(work);
    const [, second] = await Promise.allSettled([
      putOnce(work, id, key('other')),
      putOnce(work, id, key('other', 'something else')),
    ]);
    expect((second as PromiseRejectedResult).reason).toBeInstanceOf(KeyReused);
    await expect(putOnce(work, id, key('other', 'something else'))).rejects.toBeInstanceOf(KeyReused);
    expect(await amountOf(id)).toBe(1n);
  });

  it('refusal kept and replayed, and nothing that its run recorded', async () => {
    await using work = await start();
    const id = await aJar(work, 3n);
    const refuse = () =>
      work.transact<KeptReply>(
        {
          announced: [announce(jars, { id })],
          idempotency: key('refused'),
          cause: because,
          refuses: (reply) => (reply as KeptReply).status >= 400,
        },
        async (rows) => ({ status: 409, body: { left: Number(await put(rows, id, -1n)) } }),
      );
    const first = await refuse();
    const again = await refuse();
    expect([first.replayed, again.replayed]).toEqual([false, true]);
    expect(again.reply).toEqual(first.reply);
    expect(await amountOf(id)).toBe(3n);
  });

  it('keeps nothing of a run that met a fault', async () => {
    await using work = await start();
    const id = await aJar(work);
    const faulty = work.transact({ idempotency: key('fault'), cause: because }, async () =>
      Promise.reject(new Error('a bug')),
    );
    await expect(faulty).rejects.toThrow('a bug');
    expect(await putOnce(work, id, key('fault'))).toMatchObject({ replayed: false, reply: { body: { amount: 1 } } });
  });
});

describe('when the database goes away', () => {
  it('COMMIT sent and its answer lost: what was committed is answered and not done twice', async () => {
    for (const committed of [true, false]) {
      await using proxy = await startCutter(new URL(database.url));
      await using work = await start({ databaseUrl: proxy.url, connections: 1 });
      const id = await aJar(work);
      proxy.cutAtCommit(committed);
      await work.transact({ announced: [announce(jars, { id })], cause: because }, (rows) => put(rows, id, 1n));
      expect(proxy.cuts).toBe(1);
      expect(await amountOf(id)).toBe(1n);
      expect(await database.sql`SELECT 1 FROM diary WHERE jar_id = ${id}`).toHaveLength(1);
    }
  });

  it('says that it is down, and goes on by itself when it is back', async () => {
    await using proxy = await startCutter(new URL(database.url));
    await using work = await start({ databaseUrl: proxy.url });
    const id = await aJar(work);
    proxy.refuse(true);
    await expect(work.transact({ cause: because }, (rows) => put(rows, id, 1n))).rejects.toBeInstanceOf(DatabaseDown);
    proxy.refuse(false);
    await eventually(() => work.transact({ cause: because }, (rows) => put(rows, id, 1n)));
    expect(await amountOf(id)).toBe(1n);
  });

  it('runs again when its connection is killed in the middle', async () => {
    await using work = await start({ connections: 1 });
    const id = await aJar(work);
    let runs = 0;
    await work.transact({ cause: because }, async (rows) => {
      runs += 1;
      if (runs === 1)
        await database.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'g-store commands'`;
      await put(rows, id, 1n);
    });
    expect(runs).toBe(2);
    expect(await amountOf(id)).toBe(1n);
  });
});

/** Every deadlock that ended an attempt; PostgreSQL's own count comes seconds later. */
function deadlockLog() {
  const deadlocks: unknown[] = [];
  const note = (fields: { readonly err?: { readonly code?: string } }): void => {
    if (fields.err?.code === '40P01') deadlocks.push(fields.err);
  };
  return { deadlocks, log: { ...silentLog, debug: note as typeof silentLog.debug } };
}

/** A proxy before PostgreSQL that can cut a connection when COMMIT passes: before the server sees it, or before its answer returns. */
async function startCutter(target: URL) {
  let armed: 'after' | 'before' | undefined;
  let refusing = false;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (refusing) return void near.destroy();
    const far = connectSocket(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => void (sockets.delete(socket), near.destroy(), far.destroy()));
    }
    let mute = false;
    near.on('data', (bytes) => {
      if (armed !== undefined && bytes.toString('latin1').toLowerCase().includes('commit')) {
        const when = armed;
        armed = undefined;
        cuts += 1;
        if (when === 'before') return void near.destroy();
        mute = true;
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!mute) return void near.write(bytes);
      // The server has answered the flush, COMMIT included: now the client's side is cut.
      if (bytes.includes('COMMIT')) near.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    get cuts() {
      return cuts;
    },
    cutAtCommit: (committed: boolean) => void (armed = committed ? 'after' : 'before'),
    refuse(on: boolean) {
      refusing = on;
      if (on) for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
