import { randomUUID } from 'node:crypto';
import { topics, type Topic } from '@g-store/contracts';
import { createKafkaBroker, partitionFor } from '@g-store/messaging';
import { silentLog, systemClock, systemRandomness, systemTimers } from '@g-store/runtime';
import { eventually } from '@g-store/testing';
import {
  balanceBecomes,
  becomes,
  customer,
  expectStatus,
  givePoints,
  http,
  issue,
  operatorToken,
  orderOf,
  person,
  placeOrder,
  pointsBecome,
  pointsOf,
  rewardFor,
  type Person,
} from '../shop';
import { kafkaBroker, noteRecordsByHand, ownerOfAll, scopedKey, verify } from '../stack';

jest.setTimeout(120_000);

afterAll(() => verify());

type Listener = 'orders' | 'payments' | 'points' | 'notifications' | 'accrual' | 'journal';

/** Who has an inbox for what; identity.events everybody reads into a deny list besides. */
const listenersOf: Readonly<Record<keyof typeof topics, readonly Listener[]>> = {
  orderEvents: ['payments', 'points', 'notifications', 'accrual', 'journal'],
  paymentEvents: ['orders', 'notifications', 'journal'],
  pointsRequests: ['points', 'journal'],
  pointsEvents: ['orders', 'notifications', 'journal'],
  accrualEvents: ['points', 'journal'],
  identityEvents: ['journal'],
};

interface Parked {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  readonly version: number | null;
  readonly attempts: number;
  readonly ageSeconds: number;
}

const poison = Buffer.from('told by hand, and nothing that anybody could read');

/** Nonsense of somebody's own making, past every outbox. */
async function tellNonsense(to: readonly { readonly topic: Topic; readonly key: string }[]): Promise<void> {
  const broker = createKafkaBroker({
    brokers: [kafkaBroker()],
    clientId: 'by-hand',
    clock: systemClock,
    timers: systemTimers,
    randomness: systemRandomness,
    log: silentLog,
  });
  const records = to.map(({ topic: { name, partitions }, key }) => {
    const bytes = Buffer.from(key);
    return { topic: name, partition: partitionFor(bytes, partitions), key: bytes, value: poison };
  });
  await broker.append(records);
  await broker.close();
  noteRecordsByHand(records.length);
}

/** What an operator sees and does of one key's messages at one service. */
const parkedAt = (service: Listener, token: string) => {
  const base = `/api/${service}/v1/operations`;
  return {
    async waiting(topic: Topic, key: string): Promise<readonly Parked[]> {
      const path = `${base}/parked?topic=${topic.name}&key=${encodeURIComponent(key)}`;
      const { parked } = expectStatus(await http.get<{ parked: readonly Parked[] }>(path, { token }), 200);
      return parked.toReversed();
    },
    show: async (id: string) => expectStatus(await http.get<object>(`${base}/parked/${id}`, { token }), 200),
    drop: async (id: string) =>
      expectStatus(await http.post(`${base}/parked/${id}/drop`, { reason: 'nobody can read it' }, { token }), 204),
    release: async (id: string) =>
      expectStatus(await http.post<object>(`${base}/parked/${id}/release`, undefined, { token }), 200),
    releaseAll: async () =>
      expectStatus(await http.post<object>(`${base}/parked/release`, { rate: 100 }, { token }), 202),
    acts: async () =>
      expectStatus(await http.get<{ acts: readonly object[] }>(`${base}/audit?limit=5`, { token }), 200).acts,
  };
};

const topUp = async ({ accountId, ...somebody }: Person & { readonly accountId: string }, amount: number) =>
  expectStatus(await http.patch(`/api/payments/v1/accounts/${accountId}`, { amount }, somebody), 204);

/** As a machine asks: 1/100 points are its decimals. */
async function askForPoints(account: string, point: number): Promise<void> {
  const once = { staffKey: scopedKey('points'), idempotencyKey: randomUUID() };
  expectStatus(await http.post(`/api/points/v1/point/${account}/add`, { point }, once), 200);
}

/** What the notification centre says, in order: where orders have come to, and balances. */
async function newsOf(somebody: Person): Promise<readonly unknown[]> {
  const path = '/api/notifications/v1/notifications?limit=100';
  const { notifications } = expectStatus(
    await http.get<{ notifications: readonly { kind: string; data: Readonly<Record<string, unknown>> }[] }>(
      path,
      somebody,
    ),
    200,
  );
  return notifications.toReversed().map(({ kind, data }) => data['status'] ?? `${kind} ${String(data['balance'])}`);
}

/** The newest first, in 1/100 points. */
async function entriesOf(somebody: Person): Promise<readonly { readonly amount: number }[]> {
  const path = '/api/points/v1/accounts/mine/entries';
  return expectStatus(await http.get<{ entries: readonly { amount: number }[] }>(path, somebody), 200).entries;
}

const shopper = async (match: string) => {
  const somebody = await customer(10_000);
  const id = await placeOrder(somebody, { amount: 1_000, description: match });
  await becomes(somebody, id, 'PAID');
  return { ...somebody, orderId: id, number: (await orderOf(somebody, id)).number };
};
type Shopper = Awaited<ReturnType<typeof shopper>>;

/** Everything that tells something under a key of hers. */
async function goOn(anna: Shopper): Promise<void> {
  await issue(anna.orderId);
  await topUp(anna, 500);
  await givePoints(anna.id, 100);
  for (const point of [11, 12, 13]) await askForPoints(anna.id, point);
}

const keysOf = ({ id, accountId, orderId, number }: Shopper): Readonly<Record<keyof typeof topics, string>> => ({
  orderEvents: orderId,
  paymentEvents: accountId,
  pointsRequests: id,
  pointsEvents: id,
  accrualEvents: number,
  identityEvents: id,
});

/** Nothing is told there of hers while the order is held that leads to it, or at all. */
const silent: readonly string[] = [topics.accrualEvents.name, topics.identityEvents.name];

const everywhere = (anna: Shopper, token: string) =>
  Object.entries(topics).flatMap(([name, topic]) => {
    const of = name as keyof typeof topics;
    return listenersOf[of].map((service) => ({ topic, key: keysOf(anna)[of], at: parkedAt(service, token) }));
  });

describe('nonsense sent by hand to every topic', () => {
  it('is parked with what follows of its key, seen, given up, and what follows runs in order; all others go on', async () => {
    const [match, token] = [await rewardFor(10), await operatorToken()];
    const [anna, boris] = await Promise.all([shopper(match), shopper(match)]);
    await tellNonsense(
      Object.entries(keysOf(anna)).map(([name, key]) => ({ topic: topics[name as keyof typeof topics], key })),
    );
    const held = everywhere(anna, token);
    for (const { topic, key, at } of held)
      await eventually(async () => expect(await at.waiting(topic, key)).toMatchObject([{ reason: 'undecodable' }]));
    const before = await newsOf(anna);

    await Promise.all([goOn(anna), goOn(boris)]);
    await balanceBecomes(boris, 9_500);
    await pointsBecome(boris, 100 + 100 + 3_600);
    for (const { topic, key, at } of held.filter(({ topic: { name } }) => !silent.includes(name)))
      await eventually(async () => {
        const [first, ...others] = await at.waiting(topic, key);
        expect(first).toMatchObject({ reason: 'undecodable', version: null, ageSeconds: expect.any(Number) });
        expect(others.length).toBeGreaterThan(0);
        expect(new Set(others.map(({ reason }) => reason))).toEqual(new Set(['follows']));
      });
    expect([await newsOf(anna), await pointsOf(anna)]).toEqual([before, 100]);

    for (const { topic, key, at } of held) {
      const [first] = await at.waiting(topic, key);
      const id = first?.id ?? '';
      expect(await at.show(id)).toMatchObject({ raw: poison.toString('base64'), decoded: null, headers: null });
      // Nobody can read it now either; it bears no version, so what does bear one may run without it.
      expect(await at.release(id)).toMatchObject({ stopped: { id } });
      await at.drop(id);
      await at.releaseAll();
    }
    for (const { topic, key, at } of held) {
      // What is told of hers meanwhile may have found the nonsense still there: released once more, it goes on.
      await eventually(async () => {
        const left = await at.waiting(topic, key);
        for (const { reason, id } of left.slice(0, 1)) await (reason === 'undecodable' ? at.drop(id) : at.release(id));
        expect(left).toEqual([]);
      });
      expect(await at.acts()).toContainEqual(expect.objectContaining({ action: 'parked.drop', outcome: 'done' }));
    }
    await pointsBecome(anna, 100 + 100 + 3_600);
    // What machines ask bears no version: it runs in the order in which it was asked.
    const entries = (await entriesOf(anna)).map(({ amount }) => amount);
    expect(entries.filter((amount) => amount > 1_000)).toEqual([1_300, 1_200, 1_100]);
    await eventually(async () => {
      const news = (await newsOf(anna)).slice(before.length);
      const states = ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];
      expect(news.filter((one) => states.includes(String(one)))).toEqual(states);
      expect(news).toContain('balance.changed 9500');
    });
  });

  it('keeps nobody signed in: the deny list reads past it', async () => {
    const anna = await person();
    await tellNonsense([{ topic: topics.identityEvents, key: anna.id }]);
    const journal = parkedAt('journal', await operatorToken());
    expectStatus(await http.delete('/api/identity/v1/sessions/current', undefined, anna), 204);
    await eventually(async () => expect((await http.get('/api/orders/v1/orders', anna)).status).toBe(401), {
      within: 5_000,
    });
    await eventually(async () => {
      const [first] = await journal.waiting(topics.identityEvents, anna.id);
      await journal.drop(first?.id ?? '0');
    });
    await journal.releaseAll();
  });
});

describe('an event that its service cannot apply', () => {
  it('waits with those that follow, and runs before them once the service is mended', async () => {
    const [match, token] = [await rewardFor(10), await operatorToken()];
    const anna = await shopper(match);
    const at = parkedAt('notifications', token);
    const waiting = () => at.waiting(topics.orderEvents, anna.orderId);
    {
      await using notifications = await ownerOfAll('notifications');
      await notifications.query(`CREATE FUNCTION obstacle() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'something is in the way'; END $$`);
      await notifications.query(`CREATE TRIGGER obstacle BEFORE UPDATE ON order_state FOR EACH ROW
        WHEN (NEW.order_id = '${anna.orderId}' AND NEW.version > 3) EXECUTE FUNCTION obstacle()`);
      await issue(anna.orderId);
      const [first] = await eventually(async () => {
        const parked = await waiting();
        expect(parked).toMatchObject([{ reason: 'failed', attempts: 3 }, { reason: 'follows' }, { reason: 'follows' }]);
        return parked;
      });
      const id = first?.id ?? '';
      expect(await at.show(id)).toMatchObject({
        error: expect.stringContaining('something is in the way'),
        decoded: { case: 'statusChanged', value: { to: 'ASSEMBLED' } },
      });
      expect(await at.release(id)).toMatchObject({ released: 0, stopped: { id } });
      await notifications.query('DROP FUNCTION obstacle() CASCADE');
      expect(await at.release(id)).toEqual({ released: 3 });
      expect(await at.release(id)).toEqual({ released: 0 });
    }
    expect([await waiting(), await newsOf(anna)]).toEqual([[], expect.arrayContaining(['ISSUED'])]);
    expect((await at.acts()).slice(0, 2)).toMatchObject([
      { action: 'parked.release', outcome: 'done' },
      { action: 'parked.release', outcome: 'stopped' },
    ]);
  });
});
