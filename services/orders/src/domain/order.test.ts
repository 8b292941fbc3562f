import fc from 'fast-check';
import {
  advance,
  allowedActions,
  answered,
  cancel,
  orderStatuses,
  place,
  type Answer,
  type Cancelling,
  type Decision,
  type Order,
  type OrderStatus,
} from './order.js';
import { OrderRefused } from './refused.js';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-01T12:05:00Z');
const placing = {
  id: 'o1',
  number: '1000000000000008',
  userId: 'anna',
  currency: 'RUB',
  amount: 500n,
  pointsToSpend: 0n,
  items: [],
};
const pending: Order = place(placing, now).order;
const inStatus = (status: OrderStatus): Order => ({ ...pending, status, version: 5 });
const changedMind: Cancelling = { reason: 'CHANGED_MIND', source: 'CUSTOMER', actor: 'anna' };
const paid: Answer = { part: 'payment', amount: 500n, succeeded: true };
const tooLittle: Answer = { part: 'payment', amount: 0n, succeeded: false, reason: 'INSUFFICIENT_FUNDS' };

const refusalOf = (run: () => unknown): Pick<OrderRefused, 'code' | 'message'> => {
  try {
    run();
  } catch (error) {
    if (error instanceof OrderRefused) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('placing an order', () => {
  it('makes a pending order in its first version', () => {
    expect(place(placing, now)).toEqual({
      order: { ...placing, status: 'PENDING', version: 1, createdAt: now, updatedAt: now },
      actor: 'anna',
      event: { type: 'OrderCreated' },
    });
  });

  it.each([0n, -1n])('refuses an amount of %s', (amount) => {
    expect(refusalOf(() => place({ ...placing, amount }, now))).toEqual({
      code: 'validation_failed',
      message: 'order amount must be positive',
    });
  });

  it('takes the largest amount there may be, and not one unit more', () => {
    expect(place({ ...placing, amount: 10n ** 12n }, now).order.amount).toBe(10n ** 12n);
    expect(refusalOf(() => place({ ...placing, amount: 10n ** 12n + 1n }, now)).code).toBe('validation_failed');
  });

  it('takes points for all of it, and never more of them than the order costs', () => {
    expect(place({ ...placing, pointsToSpend: 500n }, now).order).toMatchObject({ amount: 500n, pointsToSpend: 500n });
    expect(refusalOf(() => place({ ...placing, pointsToSpend: 501n }, now)).code).toBe('validation_failed');
  });
});

describe('cancelling an order', () => {
  it.each(['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING'] as const)(
    'is possible while it is %s',
    (from) => {
      const { order, event } = cancel(inStatus(from), changedMind, later);
      expect(order).toMatchObject({
        status: 'CANCELLED',
        cancellationReason: 'CHANGED_MIND',
        version: 6,
        updatedAt: later,
      });
      expect(event).toEqual({ type: 'OrderCancelled', reason: 'CHANGED_MIND', source: 'CUSTOMER', from });
    },
  );

  it('is refused the second time', () => {
    expect(refusalOf(() => cancel(inStatus('CANCELLED'), changedMind, later))).toEqual({
      code: 'order_already_cancelled',
      message: 'order already canceled',
    });
  });

  it('is refused once the customer holds the goods', () => {
    expect(refusalOf(() => cancel(inStatus('ISSUED'), changedMind, later))).toEqual({
      code: 'order_not_cancellable',
      message: "can't be cancelled",
    });
  });
});

describe('moving an order on', () => {
  const path = ['PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'] as const;
  const allowed = new Set(path.slice(1).map((to, i) => `${path[i]} → ${to}`));
  const pairs = orderStatuses.flatMap((from) => orderStatuses.map((to) => ({ from, to })));

  it.each(pairs)('from $from to $to is allowed only along the path from paid to issued', ({ from, to }) => {
    const attempt = () => advance(inStatus(from), to, 'boris', later);
    if (allowed.has(`${from} → ${to}`)) {
      expect(attempt().order).toMatchObject({ status: to, version: 6, updatedAt: later });
      expect(attempt().event).toEqual({ type: 'OrderStatusChanged', from, to });
    } else if (to === 'PAID') expect(refusalOf(attempt).code).toBe('forbidden');
    else expect(refusalOf(attempt)).toEqual({ code: 'invalid_transition', message: 'invalid order status transition' });
  });
});

describe('what others answer about paying', () => {
  it('makes an order paid that was paid for', () => {
    const { order, event, answer, actor } = answered(pending, [], paid, later);
    expect(order).toMatchObject({ status: 'PAID', version: 2 });
    expect(event).toEqual({ type: 'OrderStatusChanged', from: 'PENDING', to: 'PAID' });
    expect({ answer, actor }).toEqual({ answer: paid, actor: 'payments' });
  });

  it('cancels an order that could not be paid for, with the reason given', () => {
    const { order, event } = answered(pending, [], tooLittle, later);
    expect(order).toMatchObject({ status: 'CANCELLED', cancellationReason: 'INSUFFICIENT_FUNDS' });
    expect(event).toMatchObject({ source: 'PAYMENTS', from: 'PENDING' });
  });

  it('waits for the points too where points were to be spent', () => {
    const withPoints = { ...pending, pointsToSpend: 100n };
    const first = answered(withPoints, [], paid, later);
    expect(first).toEqual({ order: withPoints, actor: 'payments', answer: paid });
    const points: Answer = { part: 'points', amount: 100n, succeeded: true };
    expect(answered(withPoints, [paid], points, later).order.status).toBe('PAID');
    const refused: Answer = { part: 'points', amount: 0n, succeeded: false, reason: 'INSUFFICIENT_POINTS' };
    expect(answered(withPoints, [paid], refused, later).event).toMatchObject({
      source: 'POINTS',
      reason: 'INSUFFICIENT_POINTS',
    });
  });

  it('changes nothing about an order that is decided, or a part that has answered', () => {
    const cancelled = inStatus('CANCELLED');
    expect(answered(cancelled, [], paid, later)).toEqual({ order: cancelled, actor: 'payments' });
    const withPoints = { ...pending, pointsToSpend: 100n };
    expect(answered(withPoints, [paid], tooLittle, later)).toEqual({ order: withPoints, actor: 'payments' });
  });
});

describe('what a viewer may do', () => {
  const anna = { userId: 'anna', staff: false };
  const boris = { userId: 'boris', staff: true };

  it('lets the customer cancel until the end, and staff also move it on', () => {
    expect(orderStatuses.map((status) => allowedActions(inStatus(status), anna).join())).toEqual([
      'cancel',
      'cancel',
      'cancel',
      'cancel',
      'cancel',
      '',
      '',
    ]);
    expect(orderStatuses.map((status) => allowedActions(inStatus(status), boris).join())).toEqual([
      'cancel',
      'cancel,status:ASSEMBLING',
      'cancel,status:ASSEMBLED',
      'cancel,status:DELIVERING',
      'cancel,status:ISSUED',
      '',
      '',
    ]);
  });

  it('lets a stranger do nothing', () => {
    expect(allowedActions(pending, { userId: 'clara', staff: false })).toEqual([]);
  });
});

it('whatever happens to an order, in whatever order, its versions count on one by one and nothing follows the end', () => {
  const acts: fc.Arbitrary<(order: Order) => Decision> = fc.oneof(
    fc.constant((order: Order) => cancel(order, changedMind, later)),
    fc.constantFrom(...orderStatuses).map((to) => (order: Order) => advance(order, to, 'boris', later)),
    fc.constantFrom(paid, tooLittle).map((answer) => (order: Order) => answered(order, [], answer, later)),
  );
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 20 }), (sequence) => {
      let order = pending;
      for (const act of sequence) {
        const final = order.status === 'ISSUED' || order.status === 'CANCELLED';
        const decision = decided(() => act(order));
        if (decision === undefined) continue;
        expect(decision.order.version).toBe(order.version + (decision.event === undefined ? 0 : 1));
        if (final) expect(decision.order).toBe(order);
        order = decision.order;
      }
    }),
  );
});

function decided(act: () => Decision): Decision | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof OrderRefused) return undefined;
    throw error;
  }
}
