import { isLuhnValid } from '@g-store/values';
import { nextStep, people, type Goal, type Status } from './plan.mts';

/** Walks as staff, payments and the customer would, and says where it ends. */
function walk(goal: Goal, paid: Status = 'PAID', refusal?: string): string {
  let [status, reason]: [Status, string | undefined] = ['PENDING', undefined];
  for (let steps = 0; steps < 10; steps += 1) {
    const step = nextStep(status, reason, goal);
    if (step.do === 'nothing') return `${reason ?? status} ${step.arrived ? 'as planned' : 'left alone'}`;
    if (step.do === 'wait') [status, reason] = [paid, refusal];
    if (step.do === 'advance') status = step.to;
    if (step.do === 'cancel') [status, reason] = ['CANCELLED', step.reason];
  }
  return 'never';
}

describe('the demo', () => {
  it('shows orders in each state, and each way to be cancelled', () => {
    const goals = people.flatMap(({ wishes }) => wishes.map(({ goal }) => goal));
    expect([...new Set(goals)].sort()).toEqual([
      'ASSEMBLED',
      'ASSEMBLING',
      'CHANGED_MIND',
      'DELIVERING',
      'DELIVERY_UNAVAILABLE',
      'INSUFFICIENT_FUNDS',
      'INSUFFICIENT_POINTS',
      'ISSUED',
      'NO_PAYMENT_ACCOUNT',
      'OUT_OF_STOCK',
      'PAID',
    ]);
  });

  it('has people with and without an account', () => {
    expect(people.map(({ login, money }) => [login, money !== undefined])).toEqual([
      ['alice', true],
      ['ivan', true],
      ['sari', false],
    ]);
  });

  it('has receipts in each state that lasts, none twice, with numbers that are taken', () => {
    const receipts = people.flatMap(({ receipts = [] }) => receipts);
    expect(receipts.map(({ goal }) => goal).sort()).toEqual(['INVALID', 'NEW', 'PROCESSED']);
    const numbers = [
      ...receipts.map(({ number }) => number),
      ...people.flatMap(({ withdrawal }) => withdrawal?.order ?? []),
    ];
    expect(new Set(numbers).size).toBe(4);
    expect(numbers.every(isLuhnValid)).toBe(true);
  });

  it('places no order twice', () => {
    for (const { wishes } of people)
      expect(new Set(wishes.map(({ description }) => description)).size).toBe(wishes.length);
  });
});

describe('an order of the demo', () => {
  it.each<Goal>(['PAID', 'ASSEMBLED', 'ISSUED', 'CHANGED_MIND', 'OUT_OF_STOCK'])('is brought to %s', (goal) => {
    expect(walk(goal)).toBe(`${goal} as planned`);
  });

  it('is refused by payments where it should be', () => {
    expect(walk('INSUFFICIENT_FUNDS', 'CANCELLED', 'INSUFFICIENT_FUNDS')).toBe('INSUFFICIENT_FUNDS as planned');
  });

  it('is left alone when it went elsewhere', () => {
    expect(walk('INSUFFICIENT_FUNDS')).toBe('PAID left alone');
    expect(walk('ISSUED', 'CANCELLED', 'INSUFFICIENT_FUNDS')).toBe('INSUFFICIENT_FUNDS left alone');
    expect(nextStep('ISSUED', undefined, 'PAID')).toEqual({ do: 'nothing', arrived: false });
    expect(nextStep('DELIVERING', undefined, 'CHANGED_MIND')).toEqual({ do: 'nothing', arrived: false });
  });
});
