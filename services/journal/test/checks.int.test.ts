import { randomUUID } from 'node:crypto';
import { OrderEvent, PaymentEvent, PointsEvent } from '@g-store/contracts';
import { eventually } from '@g-store/testing';
import { startJournalForTest, type RunningJournal } from './running-journal.js';

let shop: RunningJournal;
beforeAll(async () => {
  shop = await startJournalForTest({ stuckAfterMs: 300 });
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Invariant {
  readonly name: string;
  readonly state: string;
  readonly looked: number;
  readonly checkedAt: string | null;
  readonly mismatches: readonly { readonly orderId: string | null; readonly account: string | null }[];
  readonly mismatchCount: number;
}
const invariants = async () => {
  const { body } = await shop.as().get<{ checkedAt: string; items: readonly Invariant[] }>('/v1/invariants');
  return new Map(body.items.map((item) => [item.name, item]));
};
const stuck = async () => {
  const { body } = await shop.as().get<{ items: readonly { orderId: string; step: string }[] }>('/v1/stuck?limit=100');
  return new Map(body.items.map(({ orderId, step }) => [orderId, step]));
};
/** Broken, and the first mismatch is this one; nothing else breaks for it. */
const breaks = (name: string, mismatch: Partial<Invariant['mismatches'][number]>) =>
  eventually(
    async () => {
      const found = (await invariants()).get(name);
      expect(found).toMatchObject({
        state: 'broken',
        mismatches: expect.arrayContaining([expect.objectContaining(mismatch)]),
      });
    },
    { within: 10_000 },
  );

const newOrder = { number: '18', amount: 1_000n, currency: 'RUB', pointsToSpend: 0n, items: [] };
const place = (orderId: string, more = {}) => shop.tell(OrderEvent, orderId, 1, 'created', { ...newOrder, ...more });
const paid = (orderId: string) =>
  shop.tell(OrderEvent, orderId, 2, 'statusChanged', { from: 'PENDING', to: 'PAID', actor: 'orders' });
/** What payments tells of a charge: its answer to the order, and the change of the account. */
async function charge(
  orderId: string,
  amount: bigint,
  taken = amount,
  accountId: string = randomUUID(),
): Promise<void> {
  await shop.tell(PaymentEvent, orderId, 1, 'processed', { orderId, accountId, status: 'SUCCESS', amount });
  await shop.tell(PaymentEvent, accountId, 1, 'balanceChanged', {
    accountId,
    orderId,
    kind: 'CHARGE',
    change: -taken,
    balance: 5_000n - taken,
    accountVersion: 7,
  });
}

it('what nobody has looked at is unknown, and then holds', async () => {
  await eventually(async () => expect((await invariants()).get('money_conserved')?.checkedAt).not.toBeNull());
  expect([...(await invariants()).values()].map(({ state, looked }) => [state, looked])).toEqual(
    Array.from({ length: 5 }, () => ['unknown', 0]),
  );
  const orderId = randomUUID();
  await place(orderId);
  await charge(orderId, 1_000n);
  await paid(orderId);
  const accountId = randomUUID();
  await shop.tell(PointsEvent, accountId, 1, 'earned', {
    accountId,
    orderNumber: '18',
    orderId,
    points: 50n,
    balance: 50n,
    accountVersion: 1,
  });
  await eventually(async () =>
    expect([...(await invariants()).values()].map(({ state, looked }) => [state, looked])).toEqual([
      ['holds', 2],
      ['holds', 1],
      ['holds', 1],
      ['holds', 5],
      ['holds', 1],
    ]),
  );
  expect(await stuck()).toEqual(new Map());
});

describe('an order that waits', () => {
  it('is stuck when its step is long due, with the step, and no more once that is taken', async () => {
    const orderId = randomUUID();
    await place(orderId);
    await eventually(async () => expect(await stuck()).toEqual(new Map([[orderId, 'payment']])));
    await breaks('no_order_stuck', { orderId });
    await charge(orderId, 1_000n);
    await paid(orderId);
    await eventually(async () => expect((await invariants()).get('no_order_stuck')?.state).toBe('holds'));
    expect(await stuck()).toEqual(new Map());
  });

  it('for its money back is stuck at the refund, and breaks the conservation of money', async () => {
    const orderId = randomUUID();
    await place(orderId);
    await charge(orderId, 1_000n);
    await shop.tell(OrderEvent, orderId, 2, 'cancelled', {
      reason: 'CHANGED_MIND',
      source: 'CUSTOMER',
      previousStatus: 'PAID',
      actor: 'anna',
    });
    await eventually(async () => expect((await stuck()).get(orderId)).toBe('refund'));
    await breaks('money_conserved', { orderId });
  });
});

describe('what does not add up', () => {
  it('is found when an order is paid with less than it costs', async () => {
    const orderId = randomUUID();
    await place(orderId);
    await charge(orderId, 900n);
    await paid(orderId);
    await breaks('money_conserved', { orderId });
  });

  it('is found when an account pays another sum than the order was told', async () => {
    const orderId = randomUUID();
    await place(orderId);
    await charge(orderId, 1_000n, 1_001n);
    await paid(orderId);
    await breaks('money_conserved', { orderId });
  });

  it('is found when a balance is not what its changes make of it', async () => {
    const accountId = randomUUID();
    const topUp = { accountId, kind: 'TOP_UP', change: 100n } as const;
    await shop.tell(PaymentEvent, accountId, 1, 'balanceChanged', { ...topUp, balance: 100n, accountVersion: 1 });
    await shop.tell(PaymentEvent, accountId, 2, 'balanceChanged', { ...topUp, balance: 300n, accountVersion: 2 });
    await breaks('money_conserved', { account: accountId });
  });

  it('is found at once when more is given back than was taken', async () => {
    const orderId = randomUUID();
    await place(orderId);
    await charge(orderId, 1_000n);
    await shop.tell(PaymentEvent, orderId, 2, 'refunded', { orderId, accountId: 'a', amount: 1_001n });
    await breaks('refunds_within_charges', { orderId });
  });

  it('is found when points are not the sum of their entries', async () => {
    const accountId = randomUUID();
    const entry = { accountId, reason: 'x', actor: 'key:till', change: 100n };
    await shop.tell(PointsEvent, accountId, 1, 'adjusted', { ...entry, balance: 100n, accountVersion: 1 });
    await shop.tell(PointsEvent, accountId, 2, 'adjusted', { ...entry, balance: 201n, accountVersion: 2 });
    await breaks('points_equal_fold', { account: accountId });
  });

  it('is found when an event never came, and mended when it comes', async () => {
    const orderId = randomUUID();
    await place(orderId);
    await charge(orderId, 1_000n);
    await shop.tell(OrderEvent, orderId, 3, 'statusChanged', { from: 'PAID', to: 'ASSEMBLING', actor: 's1' });
    await breaks('events_published', { orderId });
    await paid(orderId);
    await eventually(async () => expect((await invariants()).get('events_published')?.state).toBe('holds'));
  });
});
