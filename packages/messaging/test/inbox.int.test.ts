import { randomUUID } from 'node:crypto';
import { topics } from '@g-store/contracts';
import { partitionFor, type ReceivedRecord } from '../src/index.js';
import { ids, inboxShop, message, type Trouble } from './inbox-shop.js';

const { start, versionsIn, attemptsIn, amountIn, parkedOf, sql } = inboxShop();
const topic = topics.orderEvents.name;
const acts = (action: string, subject: string) =>
  sql`SELECT actor, outcome FROM operations_audit WHERE action = ${action} AND subject = ${subject}`;

describe('the inbox', () => {
  it('gives each event its effect once, however often it comes', async () => {
    await using shop = await start();
    const key = randomUUID();
    const records = [1, 2, 3].map((version) => shop.told(key, version));
    await shop.handOver(records);
    await shop.handOver(records);
    await shop.handOverAgain();
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
    expect(await amountIn(key)).toBe(3);
  });

  it('tells who asks for it of each repeat', async () => {
    const repeats: string[] = [];
    await using shop = await start({ repeated: (eventId) => void repeats.push(eventId) });
    const [once, twice] = [shop.told(randomUUID(), 1), ids.next()];
    const key = randomUUID();
    await shop.handOver([once, shop.told(key, 1, twice), shop.told(key, 1, twice)]);
    await shop.handOver([shop.told(key, 1, twice)]);
    expect(repeats).toEqual([twice, twice]);
  });

  it('tells where an event was heard and its bytes: as it comes, when a gap closes and when it is released', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 4 };
    await using shop = await start({ trouble });
    const records = [1, 3, 2, 4].map((version) => shop.told(key, version));
    await shop.handOver(records);
    trouble.of = () => false;
    await shop.parking.release({ topic, key }, 'olga');
    const partition = partitionFor(Buffer.from(key), topics.orderEvents.partitions);
    expect(await sql`SELECT note->'from' AS "from" FROM diary WHERE jar_id = ${key} ORDER BY note->'version'`).toEqual(
      [0, 2, 1, 3].map((at) => ({
        from: {
          topic,
          partition,
          offset: String(records[at]?.offset),
          raw: records[at]?.value?.toString('base64'),
        },
      })),
    );
  });

  it('duplicate event in one batch has one effect', async () => {
    await using shop = await start();
    const key = randomUUID();
    const eventId = ids.next();
    await shop.handOver([shop.told(key, 1, eventId), shop.told(key, 1, eventId), shop.told(key, 2)]);
    expect(await versionsIn(key)).toEqual([1, 2]);
    // Nor is it taken for another event of the same version.
    expect(await parkedOf(shop.name)).toEqual([]);
  });

  it('keeps how far it got with the effects, and forgets it for another cluster', async () => {
    await using shop = await start();
    const key = randomUUID();
    await shop.handOver([shop.told(key, 1), shop.told(key, 2)]);
    expect([...(await shop.positions()).values()]).toEqual([2n]);
    await sql`UPDATE progress SET cluster = 'another' WHERE consumer = ${shop.name}`;
    expect([...(await shop.positions())]).toEqual([]);
  });

  it('commits nothing of a batch that loses its partition', async () => {
    await using shop = await start();
    const key = randomUUID();
    const lost = AbortSignal.abort(new Error('rebalanced'));
    await expect(shop.handOver([shop.told(key, 1)], lost)).rejects.toThrow('rebalanced');
    expect(await versionsIn(key)).toEqual([]);
  });
});

describe('batch with one poison message', () => {
  it('parks it and what follows of its key, in this batch and later; other keys go on', async () => {
    const [sick, well] = [randomUUID(), randomUUID()];
    await using shop = await start({ trouble: { of: (key, version) => key === sick && version === 2 } });
    await shop.handOver([
      shop.told(sick, 1),
      shop.told(well, 1),
      shop.told(sick, 2),
      shop.told(sick, 3),
      shop.told(well, 2),
    ]);
    await shop.handOver([shop.told(sick, 4), shop.told(well, 3)]);
    expect(await versionsIn(sick)).toEqual([1]);
    expect(await versionsIn(well)).toEqual([1, 2, 3]);
    expect(await parkedOf(shop.name)).toMatchObject([
      { key: sick, version: 2, reason: 'failed' },
      { key: sick, version: 3, reason: 'follows' },
      { key: sick, version: 4, reason: 'follows' },
    ]);
  });

  it('finds the culprit by halves when the database refuses the effect', async () => {
    const keys = Array.from({ length: 9 }, () => randomUUID());
    await using shop = await start({ trouble: { of: () => false, sql: (key) => key === keys[6] } });
    await shop.handOver(keys.map((key) => shop.told(key, 1)));
    expect(await Promise.all(keys.map(amountIn))).toEqual(keys.map((key) => (key === keys[6] ? 0 : 1)));
    expect(await parkedOf(shop.name)).toMatchObject([{ key: keys[6], reason: 'failed' }]);
  });

  it('tries again before it parks, and says so in what comes of it', async () => {
    const key = randomUUID();
    let left = 2;
    await using shop = await start({ trouble: { of: () => left-- > 0 } });
    await shop.handOver([shop.told(key, 1), shop.told(key, 2)]);
    expect(await versionsIn(key)).toEqual([1, 2]);
    expect(await attemptsIn(key)).toEqual([3, 1]);
    expect(await parkedOf(shop.name)).toEqual([]);
  });
});

describe('what is parked', () => {
  it('parked key keeps its order: a release runs what waits from the first to the last, and new ones flow again', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 2 };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 3, 4].map((version) => shop.told(key, version)));
    expect(await shop.parking.release({ topic, key }, 'olga')).toMatchObject({
      released: 0,
      stopped: { error: expect.stringContaining('cannot read this') },
    });
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    await shop.handOver([shop.told(key, 5)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4, 5]);
    // Three, then the release that stopped, then this one.
    expect(await attemptsIn(key)).toEqual([1, 5, 1, 1, 1]);
    expect((await parkedOf(shop.name)).map(({ state }) => state)).toEqual(['released', 'released', 'released']);
    expect(
      await sql`SELECT actor, action FROM operations_audit WHERE subject = ${`${topic}/${key}`} ORDER BY id`,
    ).toEqual([
      { actor: 'olga', action: 'parked.release' },
      { actor: 'olga', action: 'parked.release' },
    ]);
  });

  it('runs up to what the database refuses, which is told like any other failure', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: () => true };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 3, 4, 5].map((version) => shop.told(key, version)));
    Object.assign(trouble, { of: () => false, sql: (_key: string, version: number) => version === 3 });
    const third = (await shop.parking.list({ key, limit: 10 })).find(({ version }) => version === 3);
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({
      released: 2,
      stopped: { id: third?.id, error: expect.stringContaining('jar_amount_check') },
    });
    expect(await shop.parking.show(third?.id ?? '')).toMatchObject({ state: 'waiting', reason: 'failed', attempts: 1 });
    trouble.sql = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4, 5]);
    const outcomes = (await acts('parked.release', `${topic}/${key}`)).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'stopped']));
  });

  it('republish onto a parked key parks nothing twice and overtakes nothing', async () => {
    const key = randomUUID();
    await using shop = await start({ trouble: { of: (_key, version) => version === 2 } });
    await shop.handOver([1, 2, 3].map((version) => shop.told(key, version)));
    await shop.handOverAgain();
    expect(await parkedOf(shop.name)).toHaveLength(2);
    expect(await versionsIn(key)).toEqual([1]);
  });

  it('goes on behind a message that an operator has dropped', async () => {
    const key = randomUUID();
    await using shop = await start({ trouble: { of: (_key, version) => version === 2 } });
    await shop.handOver([1, 2, 3].map((version) => shop.told(key, version)));
    const poison = (await shop.parking.list({ limit: 10 })).find(({ version }) => version === 2);
    expect(await shop.parking.drop(poison?.id ?? '', 'a test order', 'olga')).toBe('dropped');
    expect(await shop.parking.drop(poison?.id ?? '', 'a test order', 'olga')).toBe('dropped');
    expect(await acts('parked.drop', poison?.id ?? '')).toEqual([{ actor: 'olga', outcome: 'done' }]);
    expect(await shop.parking.drop('999999999', 'a test order', 'olga')).toBe('not there');
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 1 });
    await shop.handOver([shop.told(key, 4)]);
    expect(await versionsIn(key)).toEqual([1, 3, 4]);
  });

  it('is not dropped before what came before it, which then could never run', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 2 };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 3, 4].map((version) => shop.told(key, version)));
    const parked = await shop.parking.list({ limit: 10 });
    const third = parked.find((one) => one.key === key && one.version === 3);
    expect(await shop.parking.drop(third?.id ?? '', 'not wanted', 'olga')).toBe('not first');
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4]);
  });

  it('runs by version although a republish has brought one of them late', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: (_key, version) => version === 2 };
    await using shop = await start({ trouble });
    await shop.handOver([1, 2, 4, 3].map((version) => shop.told(key, version)));
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4]);
  });

  it('runs what bears no version in the order in which it came', async () => {
    const key = randomUUID();
    const trouble: Trouble = { of: () => true };
    await using shop = await start({ trouble });
    const became = ['PAID', 'ASSEMBLING', 'ASSEMBLED'] as const;
    await shop.handOver(became.map((to) => shop.record(key, message(key, 0, ids.next(), to))));
    trouble.of = () => false;
    expect(await shop.parking.release({ topic, key }, 'olga')).toEqual({ released: 3 });
    const written = await sql`SELECT note->>'to' AS became FROM diary WHERE jar_id = ${key} ORDER BY id`;
    expect(written).toEqual(became.map((to) => ({ became: to })));
  });

  it('undecodable bytes are parked as they are, hold their key, and are not parked again', async () => {
    const key = randomUUID();
    await using shop = await start();
    const garbage = Buffer.from('not protobuf at all');
    const headers = { sender: 'a \0 hand' };
    await shop.handOver([shop.told(key, 1), shop.record(key, garbage, headers), shop.told(key, 2)]);
    await shop.handOverAgain();
    expect(await parkedOf(shop.name)).toMatchObject([
      { key, version: null, reason: 'undecodable' },
      { key, version: 2, reason: 'follows' },
    ]);
    const [bytes] = (await shop.parking.list({ limit: 10 })).filter(({ reason }) => reason === 'undecodable');
    expect(await shop.parking.show(bytes?.id ?? '')).toMatchObject({
      raw: garbage,
      headers: { sender: 'a \uFFFD hand' },
      decoded: null,
    });
    await shop.parking.drop(bytes?.id ?? '', 'rubbish', 'olga');
    await shop.parking.release({ topic, key }, 'olga');
    await shop.handOverAgain();
    await shop.handOver([shop.told(key, 3)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
  });
});

describe('a key that PostgreSQL cannot write down', () => {
  it('is parked all the same', async () => {
    const odd = 'no\0key';
    await using shop = await start();
    await shop.handOver([shop.record(odd, message(odd, 1, ids.next())), shop.record(odd, null)]);
    expect(await parkedOf(shop.name)).toMatchObject([
      { key: 'no\uFFFDkey', reason: 'undecodable' },
      { key: 'no\uFFFDkey', reason: 'undecodable' },
    ]);
  });
});

describe('ten thousand parked messages', () => {
  it('run in the order of each key when they are released', async () => {
    const keys = Array.from({ length: 10 }, () => randomUUID());
    const trouble: Trouble = { of: (_key, version) => version === 1 };
    await using shop = await start({ trouble });
    const versions = Array.from({ length: 1_000 }, (_, index) => index + 1);
    for (let from = 0; from < 1_000; from += 250)
      await shop.handOver(
        versions.slice(from, from + 250).flatMap((version) => keys.map((key) => shop.told(key, version))),
      );
    expect(await shop.parking.count()).toBe(10_000);
    const newest = (await shop.parking.list({ limit: 10_000 })).map(({ id }) => Number(id));
    expect(newest).toEqual(newest.toSorted((a, b) => b - a));
    trouble.of = () => false;
    const waiting = await shop.parking.waitingKeys({ limit: 100 });
    expect(new Set(waiting.map(({ key }) => key))).toEqual(new Set(keys));
    await Promise.all(waiting.map((of) => shop.parking.release(of, 'olga')));
    for (const key of keys) expect(await versionsIn(key)).toEqual(versions);
    expect(await shop.parking.count()).toBe(0);
  });
});

describe('versions', () => {
  it('gap closes: what came too early waits, and follows in order in the same transaction', async () => {
    await using shop = await start();
    const key = randomUUID();
    const [one, two, three, four] = [1, 2, 3, 4].map((version) => shop.told(key, version)) as [
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
    ];
    await shop.handOver([one, three]);
    await shop.handOver([four]);
    expect(await versionsIn(key)).toEqual([1]);
    await shop.handOver([two, shop.told(key, 5)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3, 4, 5]);
    expect((await parkedOf(shop.name)).map(({ state }) => state)).toEqual(['released', 'released']);
  });

  it('gap closes within one batch without leaving anything parked', async () => {
    await using shop = await start();
    const key = randomUUID();
    const [one, two, three] = [1, 2, 3].map((version) => shop.told(key, version)) as [
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
    ];
    await shop.handOver([one, three, two]);
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
    expect(await parkedOf(shop.name)).toEqual([]);
  });

  it('a first version above 1 waits, unless older records have expired', async () => {
    const [waits, goes] = [randomUUID(), randomUUID()];
    await using strict = await start();
    await strict.handOver([strict.told(waits, 5)]);
    expect(await versionsIn(waits)).toEqual([]);
    expect(await parkedOf(strict.name)).toMatchObject([{ reason: 'gap' }]);
    await using late = await start({ earliest: 100n });
    await late.handOver([late.told(goes, 5), late.told(goes, 6)]);
    expect(await versionsIn(goes)).toEqual([5, 6]);
  });

  it('another event under a version that was applied is parked as a fork, and the key goes on', async () => {
    await using shop = await start();
    const key = randomUUID();
    await shop.handOver([shop.told(key, 1), shop.told(key, 2), shop.told(key, 2), shop.told(key, 3)]);
    expect(await versionsIn(key)).toEqual([1, 2, 3]);
    expect(await parkedOf(shop.name)).toMatchObject([{ version: 2, reason: 'fork' }]);
  });

  it('a final event is applied across a gap; everything else of its key is a repeat afterwards', async () => {
    await using shop = await start();
    const key = randomUUID();
    const [one, two, three] = [1, 2, 3].map((version) => shop.told(key, version)) as [
      ReceivedRecord,
      ReceivedRecord,
      ReceivedRecord,
    ];
    await shop.handOver([three]);
    await shop.handOver([shop.cancelled(key, 4)]);
    await shop.handOver([one, two]);
    expect(await versionsIn(key)).toEqual([4]);
    expect(await parkedOf(shop.name)).toMatchObject([{ version: 3, state: 'superseded' }]);
  });

  it('unversioned events are only told apart by their ids', async () => {
    await using shop = await start();
    const key = randomUUID();
    const repeat = ids.next();
    await shop.handOver([shop.told(key, 0), shop.told(key, 0, repeat), shop.told(key, 0, repeat), shop.told(key, 0)]);
    expect(await amountIn(key)).toBe(3);
  });

  it('unknown event case is counted and skipped, and moves its stream on', async () => {
    await using shop = await start();
    const key = randomUUID();
    const known = message(key, 2, ids.next());
    // Only the meta of it: as a message whose case this build does not know.
    const onlyMeta = known.subarray(0, 2 + (known[1] as number));
    await shop.handOver([shop.told(key, 1), shop.record(key, Buffer.from(onlyMeta)), shop.told(key, 3)]);
    expect(await versionsIn(key)).toEqual([1, 3]);
    expect(await parkedOf(shop.name)).toEqual([]);
  });
});
