import { createVirtualTime, silentLog } from '@g-store/runtime';
import { startCalculator } from './calculator.js';
import type { Calculator } from './calculator.js';
import { addRule, expectOrder, issueOrder, registerOrder } from './orders.js';
import { fakeWork } from './work.fake.js';
import type { Announcement } from './work.js';

const goods = [{ description: 'Чайник Bork', price: 1_459_950n, quantity: 1 }];
const announced = (key: object) => ({ key }) as unknown as Announcement;

function world({ fails = (_number: string): boolean => false } = {}) {
  const accrual = fakeWork();
  const time = createVirtualTime();
  const calculators: Calculator[] = [];
  let turn: Promise<unknown> = Promise.resolve(); // one after the other, as the lock of an order has it
  const calculate = (): Calculator => {
    const started = startCalculator({
      reader: {
        rules: async () => [...accrual.rules.values()],
        undecided: async (limit) =>
          [...accrual.orders.values()]
            .filter(({ status }) => status === 'REGISTERED' || status === 'PROCESSING')
            .slice(0, limit)
            .map(({ number }) => ({ number, cause: null })),
      },
      announcements: {
        rule: (match) => announced({ match }),
        order: (number) => announced({ number }),
        shopOrder: (orderId) => announced({ orderId }),
      },
      transact: (_cause, [first], run) => {
        const mine = turn.then(() => {
          if (fails(String(first?.key['number']))) throw new Error('the database is away');
          return run(accrual.work);
        });
        turn = mine.catch(() => undefined);
        return mine;
      },
      timers: time,
      log: silentLog,
    });
    calculators.push(started);
    return started;
  };
  return {
    ...accrual,
    time,
    calculate,
    async [Symbol.asyncDispose]() {
      await Promise.all(calculators.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

describe('the calculation of rewards', () => {
  it('is done within a second of the registration, though nobody says a word', async () => {
    await using here = world();
    here.calculate();
    await here.time.advance(10);
    await addRule(here.work, { match: 'Bork', reward: 500n, rewardType: '%' });
    await registerOrder(here.work, { number: '18', goods });
    await here.time.advance(1_000);
    expect(here.orders.get('18')).toMatchObject({ status: 'PROCESSED', reward: 72_998n });
  });

  it('is done at once when there is word of it', async () => {
    await using here = world();
    const calculator = here.calculate();
    await here.time.advance(10);
    await registerOrder(here.work, { number: '18', goods });
    calculator.wake();
    await here.time.advance(1);
    expect(here.orders.get('18')?.status).toBe('INVALID');
  });

  it('of one order that fails holds up no other, and is tried again', async () => {
    let away = 2;
    await using here = world({ fails: (number) => number === '18' && (away -= 1) >= 0 });
    await registerOrder(here.work, { number: '18', goods });
    await registerOrder(here.work, { number: '26', goods });
    here.calculate();
    await here.time.advance(10);
    expect([here.orders.get('18')?.status, here.orders.get('26')?.status]).toEqual(['REGISTERED', 'INVALID']);
    await here.time.advance(2_000);
    expect(here.orders.get('18')?.status).toBe('INVALID');
  });

  it('by two processes at once tells a reward once', async () => {
    await using here = world();
    await addRule(here.work, { match: 'Bork', reward: 500n, rewardType: '%' });
    await expectOrder(here.work, { number: '18', goods, orderId: 'o1', owner: 'u1' });
    await issueOrder(here.work, 'o1');
    here.calculate();
    here.calculate();
    await here.time.advance(1_000);
    expect(here.rewards).toEqual([{ number: '18', orderId: 'o1', owner: 'u1', points: 72_998n }]);
  });
});
