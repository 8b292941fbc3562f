import type { Order } from '../domain/order.js';
import { OrderRefused } from '../domain/refused.js';
import { cancelOrder, rewardOrder, settlePart } from './orders.js';
import { fakeWork, type FakeWork } from './work.fake.js';

const at = new Date('2026-03-01T11:00:00Z');
const order: Order = {
  id: 'o1',
  number: '1000000000000008',
  userId: 'anna',
  amount: 500n,
  currency: 'RUB',
  pointsToSpend: 120n,
  status: 'PENDING',
  items: [],
  version: 1,
  createdAt: at,
  updatedAt: at,
};

const steps = {
  charged: (shop) => settlePart(shop.work, 'payment', { orderId: 'o1', amount: 380n, succeeded: true }),
  broke: (shop) => {
    const reason = 'INSUFFICIENT_FUNDS';
    return settlePart(shop.work, 'payment', { orderId: 'o1', amount: 380n, succeeded: false, reason });
  },
  spent: (shop) => settlePart(shop.work, 'points', { orderId: 'o1', amount: 120n, succeeded: true }),
  pointless: (shop) => {
    const reason = 'INSUFFICIENT_POINTS';
    return settlePart(shop.work, 'points', { orderId: 'o1', amount: 120n, succeeded: false, reason });
  },
  cancel: async (shop) => {
    await cancelOrder(shop.work, { orderId: 'o1', actor: 'anna' });
  },
} satisfies Record<string, (shop: FakeWork) => Promise<void>>;

type Step = keyof typeof steps;

/** What the others hear of the order when this happens to it, in this order. */
async function heardAfter(sequence: readonly Step[]): Promise<readonly string[]> {
  const shop = fakeWork([order]);
  for (const step of sequence) {
    await steps[step](shop).catch((error: unknown) => {
      if (!(error instanceof OrderRefused)) throw error;
    });
  }
  expect(shop.orders.get('o1')?.version).toBe(1 + shop.announced.length);
  return shop.announced.map((event) => {
    if (event.type === 'OrderCancelled') return `${event.reason} by ${event.source} from ${event.from}`;
    return event.type === 'OrderStatusChanged' ? event.to : event.type;
  });
}

const noFunds = 'INSUFFICIENT_FUNDS by PAYMENTS from PENDING';
const noPoints = 'INSUFFICIENT_POINTS by POINTS from PENDING';
const mind = 'CHANGED_MIND by CUSTOMER from PENDING';
const lateMind = 'CHANGED_MIND by CUSTOMER from PAID';

describe('an order paid partly with points', () => {
  it.each<[Step[], string[]]>([
    [['charged', 'spent'], ['PAID']],
    [['spent', 'charged'], ['PAID']],
    [['charged', 'pointless'], [noPoints]],
    [['pointless', 'charged'], [noPoints]],
    [['broke', 'spent'], [noFunds]],
    [['spent', 'broke'], [noFunds]],
    [['broke', 'pointless'], [noFunds]],
    [['pointless', 'broke'], [noPoints]],
  ])('that hears %j is told as %j', async (sequence, told) => expect(await heardAfter(sequence)).toEqual(told));

  it.each<[Step[], string[]]>([
    [['cancel', 'charged', 'spent'], [mind]],
    [['cancel', 'spent', 'charged'], [mind]],
    [['cancel', 'charged', 'pointless'], [mind]],
    [['cancel', 'pointless', 'charged'], [mind]],
    [['cancel', 'broke', 'spent'], [mind]],
    [['cancel', 'spent', 'broke'], [mind]],
    [['cancel', 'broke', 'pointless'], [mind]],
    [['cancel', 'pointless', 'broke'], [mind]],
    [['charged', 'cancel', 'spent'], [mind]],
    [['spent', 'cancel', 'charged'], [mind]],
    [['charged', 'cancel', 'pointless'], [mind]],
    [['pointless', 'cancel', 'charged'], [noPoints]],
    [['broke', 'cancel', 'spent'], [noFunds]],
    [['spent', 'cancel', 'broke'], [mind]],
    [['broke', 'cancel', 'pointless'], [noFunds]],
    [['pointless', 'cancel', 'broke'], [noPoints]],
    [
      ['charged', 'spent', 'cancel'],
      ['PAID', lateMind],
    ],
    [
      ['spent', 'charged', 'cancel'],
      ['PAID', lateMind],
    ],
    [['charged', 'pointless', 'cancel'], [noPoints]],
    [['pointless', 'charged', 'cancel'], [noPoints]],
    [['broke', 'spent', 'cancel'], [noFunds]],
    [['spent', 'broke', 'cancel'], [noFunds]],
    [['broke', 'pointless', 'cancel'], [noFunds]],
    [['pointless', 'broke', 'cancel'], [noPoints]],
  ])('that is cancelled on the way, %j, is told as %j', async (sequence, told) =>
    expect(await heardAfter(sequence)).toEqual(told),
  );

  it('keeps waiting after one good answer, and hears the same answer once', async () => {
    const { work, orders, announced, answers } = fakeWork([order]);
    for (const _ of [1, 2]) await settlePart(work, 'points', { orderId: 'o1', amount: 120n, succeeded: true });
    expect([orders.get('o1'), announced]).toEqual([order, []]);
    expect(answers.get('o1')).toEqual([{ part: 'points', amount: 120n, succeeded: true }]);
  });

  it('waits for the answer of payments also when points pay for all of it', async () => {
    const { work, orders } = fakeWork([{ ...order, pointsToSpend: 500n }]);
    await settlePart(work, 'points', { orderId: 'o1', amount: 500n, succeeded: true });
    expect(orders.get('o1')?.status).toBe('PENDING');
    await settlePart(work, 'payment', { orderId: 'o1', amount: 0n, succeeded: true });
    expect(orders.get('o1')?.status).toBe('PAID');
  });
});

describe('what an order has earned', () => {
  it('is noted beside it, without a version or an event, and once', async () => {
    const issued: Order = { ...order, status: 'ISSUED', version: 6 };
    const { work, orders, announced, rewards } = fakeWork([issued]);
    await rewardOrder(work, { orderId: 'o1', points: 25n });
    await rewardOrder(work, { orderId: 'o1', points: 99n });
    expect([rewards.get('o1'), orders.get('o1'), announced]).toEqual([25n, issued, []]);
  });

  it('is nothing for an order that nobody placed', async () => {
    const { work } = fakeWork();
    await expect(rewardOrder(work, { orderId: 'o9', points: 1n })).rejects.toMatchObject({ code: 'not_found' });
  });
});
