import { hear, type Change, type OrderJourney } from './order-journey.js';

const at = (s: number) => new Date(Date.UTC(2026, 2, 1) + s * 1_000);

/** What the journal makes of an order that was told like this, a second apart, in this order. */
const told = (...changes: readonly Change[]): OrderJourney => {
  let order: OrderJourney | undefined;
  for (const [s, change] of changes.entries())
    order = hear(order, {
      orderId: 'o1',
      owner: 'anna',
      eventId: `e${s}`,
      occurredAt: at(s),
      change,
      now: at(100 + s),
    });
  if (order === undefined) throw new Error('nothing was told');
  return order;
};

const placed = { status: 'PENDING', version: 1, amount: 1_000n, pointsToSpend: 0n };
const withPoints = { ...placed, pointsToSpend: 300n };
const paidFor = (amount: bigint): Change => ({ paymentAnswered: true, charged: amount });
const debited = (amount: bigint): Change => ({ debited: amount });
const spent = { pointsAnswered: true, spent: 300n };
const paid = { status: 'PAID', version: 2 };
const cancelled = { status: 'CANCELLED', version: 3 };

describe('an order waits', () => {
  it.each<[string | null, string, readonly Change[]]>([
    ['payment', 'when it was placed', [placed]],
    ['payment', 'whatever points have said', [withPoints, spent]],
    ['points', 'when it is to be paid with some of them', [withPoints, paidFor(700n)]],
    ['order', 'when everybody has answered and it stands where it stood', [withPoints, paidFor(700n), spent]],
    [null, 'once it is paid: then people have to act', [placed, paidFor(1_000n), paid]],
    ['refund', 'when it is cancelled and the money is not back', [placed, paidFor(1_000n), paid, cancelled]],
    ['return', 'when its points are not back', [withPoints, spent, cancelled]],
    [null, 'when all is back', [placed, paidFor(1_000n), cancelled, { refunded: 1_000n }]],
    [null, 'when it was refused', [placed, { paymentAnswered: true }, cancelled]],
    [null, 'as long as orders has not been heard', [paidFor(1_000n)]],
  ])('for %s %s', (step, _when, changes) => expect(told(...changes).waitsFor).toBe(step));

  it('since the event that made it wait, whatever else is told meanwhile', () => {
    expect(told(withPoints, spent, debited(700n)).waitsSince).toEqual(at(0));
    expect(told(withPoints, paidFor(700n)).waitsSince).toEqual(at(1));
  });
});

describe('an order is in doubt', () => {
  it.each<[string, readonly Change[]]>([
    ['when less was paid than it costs', [placed, paidFor(900n), debited(900n), paid]],
    ['when points are missing', [withPoints, paidFor(700n), debited(700n), paid]],
    ['when an account paid another sum', [placed, paidFor(1_000n), debited(1_001n), paid]],
    ['when it was cancelled and paid', [placed, paidFor(1_000n), debited(1_000n), cancelled]],
    ['when more was paid than it costs, before it is PAID', [placed, paidFor(1_001n), debited(1_001n)]],
    ['when nobody has placed it and somebody paid', [paidFor(5n)]],
  ])('%s', (_when, changes) => expect(told(...changes).doubt).not.toBeNull());

  it.each<[string, readonly Change[]]>([
    ['when it was paid before orders says so', [placed, paidFor(1_000n), debited(1_000n)]],
    ['when it was paid and settled', [withPoints, paidFor(700n), debited(700n), spent, paid]],
    [
      'when the topics were heard the other way round',
      [debited(1_000n), paidFor(1_000n), paid, placed, { version: 2, status: 'PAID' }],
    ],
    ['when it is older than the journal', [{ status: 'DELIVERING', version: 5 }]],
  ])('not %s', (_when, changes) => expect(told(...changes).doubt).toBeNull());

  it('since the first doubt, although another follows, and no more when it adds up', () => {
    const short = told(placed, paidFor(900n), paid);
    expect(short.doubtSince).toEqual(at(101));
    expect(told(placed, paidFor(1_000n), debited(1_000n), paid).doubtSince).toBeNull();
  });
});

it('gives back no more than was taken, or is at fault at once', () => {
  expect(told(placed, paidFor(1_000n), { refunded: 1_000n }).fault).toBeNull();
  expect(told(placed, paidFor(1_000n), { refunded: 1_001n }).fault).toBe('refund_exceeds_charge');
  expect(told(withPoints, spent, { returned: 301n }).fault).toBe('return_exceeds_spending');
});

it('knows its first and last event and when they were, whatever came first', () => {
  const told = (order: OrderJourney | undefined, eventId: string, s: number) =>
    hear(order, { orderId: 'o1', owner: 'anna', eventId, occurredAt: at(s), change: {}, now: at(9) });
  expect(told(told(told(undefined, 'e2', 2), 'e1', 1), 'e3', 3)).toMatchObject({
    firstEvent: 'e1',
    lastEvent: 'e3',
    startedAt: at(1),
    lastAt: at(3),
  });
});
