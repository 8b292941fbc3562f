import { randomUUID } from 'node:crypto';
import { encode, PaymentEvent, topics } from '@g-store/contracts';
import { partitionFor } from '../src/index.js';
import { ids, inboxShop, meta } from './inbox-shop.js';

const { start, versionsIn, amountIn, parkedOf, sql } = inboxShop();
const partitionOf = (key: string): number => partitionFor(Buffer.from(key), topics.orderEvents.partitions);

describe('batches of several partitions at once', () => {
  const keys = (count: number): readonly string[] => Array.from({ length: count }, () => randomUUID());
  const transactionsOf = async (name: string): Promise<number> =>
    (await sql`SELECT DISTINCT xmin::text FROM progress WHERE consumer = ${name}`).length;

  it('share one transaction', async () => {
    await using shop = await start();
    const all = keys(40);
    await shop.handOverTogether(all.map((key) => shop.told(key, 1)));
    expect(await transactionsOf(shop.name)).toBe(1);
    expect((await shop.positions()).size).toBe(topics.orderEvents.partitions);
    await shop.handOverTogether(all.map((key) => shop.told(key, 2)));
    expect(await Promise.all(all.map(versionsIn))).toEqual(all.map(() => [1, 2]));
  });

  it('have their effects once when they come again, and no more than before', async () => {
    await using shop = await start();
    const all = keys(20);
    const records = all.flatMap((key) => [shop.told(key, 1), shop.told(key, 2)]);
    await shop.handOverTogether(records);
    await shop.handOverTogether(records);
    expect(await Promise.all(all.map(amountIn))).toEqual(all.map(() => 2));
  });

  it('take effect apart from one that fails: its message is parked where it lies, nobody else’s', async () => {
    const all = keys(30);
    const sick = all[11];
    await using shop = await start({ trouble: { of: (key) => key === sick } });
    const outcomes = await shop.handOverTogether(all.map((key) => shop.told(key, 1)));
    expect(outcomes.map(({ status }) => status)).not.toContain('rejected');
    expect(await Promise.all(all.map(amountIn))).toEqual(all.map((key) => (key === sick ? 0 : 1)));
    expect(await parkedOf(shop.name)).toMatchObject([{ key: sick, version: 1, reason: 'failed' }]);
    expect((await shop.positions()).size).toBe(topics.orderEvents.partitions);
  });

  it('are parked each under its own partition, also what cannot be read', async () => {
    await using shop = await start();
    const all = keys(20);
    const records = all.map((key) => shop.record(key, Buffer.from('not an event')));
    await shop.handOverTogether(records);
    await shop.handOverTogether(records);
    const parked = await sql<{ key: string; partition: number }>`
      SELECT key, partition FROM parked WHERE consumer = ${shop.name}`;
    expect(new Map(parked.map(({ key, partition }) => [key, partition]))).toEqual(
      new Map(all.map((key) => [key, partitionOf(key)])),
    );
    expect(parked).toHaveLength(all.length);
  });

  it('take no more into a transaction than one may have', async () => {
    await using shop = await start();
    const [one = '', two = ''] = [...Map.groupBy(keys(20), partitionOf).values()].map(([key]) => key);
    const versions = Array.from({ length: 300 }, (_, i) => i + 1);
    await shop.handOverTogether([one, two].flatMap((key) => versions.map((version) => shop.told(key, version))));
    expect([await amountIn(one), await amountIn(two)]).toEqual([300, 300]);
    expect(await transactionsOf(shop.name)).toBe(2);
  });

  const refunded = (payment: string): Buffer =>
    encode(PaymentEvent, {
      meta: meta(payment, 1, ids.next()),
      case: 'refunded',
      value: { orderId: payment, amount: 1n, accountId: 'a' },
    });

  it('share it with those of another topic, and are not taken for them', async () => {
    await using shop = await start();
    const [order, payment] = [randomUUID(), randomUUID()];
    await Promise.all([
      shop.handOver([shop.told(order, 1)]),
      shop.handOver([shop.record(payment, refunded(payment))], undefined, topics.paymentEvents),
    ]);
    expect([await versionsIn(order), await versionsIn(payment)]).toEqual([[1], [1]]);
    expect(await transactionsOf(shop.name)).toBe(1);
    expect([...(await shop.positions()).keys()].map((key) => key.split('/')[0]).sort()).toEqual([
      topics.orderEvents.name,
      topics.paymentEvents.name,
    ]);
  });

  it('take effect apart from one of another topic that fails', async () => {
    const [sick, payment] = [randomUUID(), randomUUID()];
    await using shop = await start({ trouble: { of: (key) => key === sick } });
    await Promise.all([
      shop.handOver([shop.told(sick, 1)]),
      shop.handOver([shop.record(payment, refunded(payment))], undefined, topics.paymentEvents),
    ]);
    expect(await versionsIn(payment)).toEqual([1]);
    expect(await parkedOf(shop.name)).toMatchObject([{ key: sick, version: 1, reason: 'failed' }]);
  });

  it('commit nothing once their partitions are taken away', async () => {
    // One connection: what is handed over later commits behind whatever was on its way.
    await using shop = await start({ connections: 1 });
    const [later = '', ...all] = keys(21);
    const lost = AbortSignal.abort(new Error('rebalanced'));
    const records = all.map((key) => shop.told(key, 1));
    const outcomes = await shop.handOverTogether(records, lost);
    await shop.handOver([shop.told(later, 1)]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(await Promise.all([later, ...all].map(amountIn))).toEqual([1, ...all.map(() => 0)]);
  });
});
