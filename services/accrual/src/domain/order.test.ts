import fc from 'fast-check';
import { begin, cancel, decide, expect as expectOrder, isOrderNumber, issue, register } from './order.js';
import type { Decision, Order } from './order.js';
import type { Rule } from './reward.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const number = '12345678903';
const goods = [{ description: 'Чайник Bork', price: 1_459_950n, quantity: 1 }];
const rules: readonly Rule[] = [{ match: 'Bork', reward: 500n, rewardType: '%' }];
const placed = { number, goods, orderId: 'o1', owner: 'u1' };

describe('a registered order', () => {
  it('is worked at and then has its reward', () => {
    const registered = register(undefined, { number, goods }, now);
    const { order, reward } = decide(begin(registered), rules, now);
    expect([registered.status, begin(registered).status]).toEqual(['REGISTERED', 'PROCESSING']);
    expect(order).toMatchObject({ status: 'PROCESSED', reward: 72_998n, decidedAt: now });
    expect(reward).toBeUndefined(); // it is nobody's of our shop
  });

  it('is invalid when there is nothing to reward', () => {
    expect(decide(begin(register(undefined, { number, goods }, now)), [], now).order.status).toBe('INVALID');
  });

  it('is invalid when its reward is more than any account takes', () => {
    const dear = [{ description: 'Bork', price: 10n ** 12n, quantity: 1 }];
    const order = begin(register(undefined, { number, goods: dear }, now));
    expect(decide(order, [{ match: 'Bork', reward: 200_00n, rewardType: '%' }], now).order.status).toBe('INVALID');
  });

  it('is decided once, whatever rules come later', () => {
    const { order } = decide(begin(register(undefined, { number, goods }, now)), rules, now);
    expect(decide(order, [...rules, { match: 'Чайник', reward: 100n, rewardType: 'pt' }], now)).toEqual({ order });
  });

  it.each([
    ['a wrong check digit', '12345678900'],
    ['nothing', ''],
    ['letters', 'abc'],
    ['a sign', '-18'],
    ['an exponent', '1e3'],
    ['256 digits', '0'.repeat(256)],
    ['10,000 digits', '7'.repeat(10_000)],
  ])('is not taken under %s', (_what, bad) => {
    expect(() => register(undefined, { number: bad, goods }, now)).toThrow(
      expect.objectContaining({ code: 'invalid_order_number' }),
    );
  });

  it('may have a number of 255 digits, and of no more', () => {
    expect([isOrderNumber('0'.repeat(255)), isOrderNumber('0'.repeat(256))]).toEqual([true, false]);
  });

  it('is taken once', () => {
    const order = register(undefined, { number, goods }, now);
    expect(() => register(order, { number, goods }, now)).toThrow(expect.objectContaining({ code: 'order_known' }));
  });
});

describe('an order of our own shop', () => {
  it('waits until it is issued, then its owner is told the reward', () => {
    const awaited = expectOrder(undefined, placed, now);
    expect([awaited.status, begin(awaited).status, decide(awaited, rules, now).order.status]).toEqual(
      Array(3).fill('AWAITING'),
    );
    const { order } = issue(awaited);
    expect(decide(begin(order), rules, now).reward).toEqual({ number, orderId: 'o1', owner: 'u1', points: 72_998n });
  });

  it('tells a reward of nothing too, for everybody who waits for it', () => {
    expect(decide(begin(issue(expectOrder(undefined, placed, now)).order), [], now).reward?.points).toBe(0n);
  });

  it('never earns anything once it is cancelled', () => {
    const cancelled = cancel(expectOrder(undefined, placed, now), now);
    expect(cancelled.status).toBe('INVALID');
    expect(decide(begin(cancelled), rules, now)).toEqual({ order: cancelled });
  });

  it('that was registered by its number before tells the reward of that, when it is issued', () => {
    const { order } = decide(begin(register(undefined, { number, goods }, now)), rules, now);
    const known = expectOrder(order, { ...placed, goods: [] }, now);
    expect(known).toMatchObject({ status: 'PROCESSED', goods });
    expect(issue(known).reward).toMatchObject({ owner: 'u1', points: 72_998n });
  });

  it('tells its reward exactly once, and never before it is issued, in whatever order things happen', () => {
    const steps = fc.array(fc.constantFrom('register', 'expect', 'issue', 'cancel', 'begin', 'decide'), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, (story) => {
        let order: Order | undefined;
        let rewards = 0;
        const follow = (decision: Decision): void => {
          order = decision.order;
          if (decision.reward) rewards += 1;
        };
        for (const step of story) {
          if (step === 'register') order ??= register(undefined, { number, goods }, now);
          else if (step === 'expect') order = expectOrder(order, placed, now);
          else if (order === undefined) continue;
          else if (step === 'issue') follow(issue(order));
          else if (step === 'cancel') order = cancel(order, now);
          else if (step === 'begin') order = begin(order);
          else follow(decide(order, rules, now));
        }
        const isDue = order?.shop?.issued === true && order.decidedAt !== undefined;
        expect(rewards).toBe(isDue ? 1 : 0);
      }),
    );
  });
});
