import { MAX_AMOUNT, MAX_BALANCE } from '@g-store/values';
import fc from 'fast-check';
import { adjust, earn, evolve, giveBack, PointsRefused, spend, withdraw } from './points.js';
import type { Account, Entry } from './points.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const later = new Date('2026-01-02T03:04:06.000Z');
const of = (points: bigint) => ({ accountId: 'u1', points });
const opened = earn(undefined, { ...of(1_000n), number: '18' }, now);

describe('an account', () => {
  it('is opened by its first points', () => {
    expect(opened.account).toEqual({
      id: 'u1',
      balance: 1_000n,
      spent: 0n,
      withdrawn: 0n,
      version: 1,
      told: 1,
      createdAt: now,
      updatedAt: now,
    });
    expect(opened.event).toEqual({
      accountId: 'u1',
      version: 1,
      kind: 'earned',
      cause: '18',
      change: 1_000n,
      balanceAfter: 1_000n,
      at: now,
    });
  });

  it('remembers what was spent until it is back, and what was drawn out for ever', () => {
    const spent = spend(opened.account, { ...of(300n), orderId: 'o1' }, later);
    expect(spent.account).toMatchObject({ balance: 700n, spent: 300n, version: 2, told: 1 });
    const drawn = withdraw(spent.account, { ...of(100n), orderNumber: '2377225624', cause: 'w1' }, later);
    expect(drawn.account).toMatchObject({ balance: 600n, spent: 300n, withdrawn: 100n, told: 2 });
    const back = giveBack(drawn.account, { ...of(300n), orderId: 'o1' }, later);
    expect(back.account).toMatchObject({ balance: 900n, spent: 0n, withdrawn: 100n, version: 4, told: 2 });
    expect(back.account.createdAt).toBe(now);
  });

  it('may come to exactly nothing, and never below', () => {
    expect(spend(opened.account, { ...of(1_000n), orderId: 'o1' }, now).account.balance).toBe(0n);
    const refused = new PointsRefused('insufficient_points', 'insufficient points');
    for (const take of [
      () => spend(opened.account, { ...of(1_001n), orderId: 'o1' }, now),
      () => withdraw(opened.account, { ...of(1_001n), orderNumber: '18', cause: 'w1' }, now),
      () => adjust(opened.account, { accountId: 'u1', change: -1_001n, cause: 'a', reason: 'r', actor: 's' }, now),
      () => spend(undefined, { ...of(1n), orderId: 'o1' }, now),
    ])
      expect(take).toThrow(refused);
  });

  it('keeps room for what may come back, below the largest balance', () => {
    const account = { ...opened.account, balance: MAX_BALANCE - 5n, spent: 5n };
    expect(() => earn(account, { ...of(1n), number: '26' }, now)).toThrow('limit');
    expect(giveBack(account, { ...of(5n), orderId: 'o1' }, now).account.balance).toBe(MAX_BALANCE);
  });

  it.each([0n, -1n])('earns, spends, returns and draws out no amount of %p', (points) => {
    for (const act of [
      () => earn(opened.account, { ...of(points), number: '26' }, now),
      () => spend(opened.account, { ...of(points), orderId: 'o1' }, now),
      () => giveBack(opened.account, { ...of(points), orderId: 'o1' }, now),
      () => withdraw(opened.account, { ...of(points), orderNumber: '26', cause: 'w' }, now),
    ])
      expect(act).toThrow('must be positive');
  });

  it('is adjusted either way, but not by nothing and not by more than one amount may be', () => {
    const by = (change: bigint) => () =>
      adjust(opened.account, { accountId: 'u1', change, cause: 'a', reason: 'r', actor: 's' }, now).account.balance;
    expect([by(5n)(), by(-5n)()]).toEqual([1_005n, 995n]);
    expect(by(0n)).toThrow('must not be 0');
    expect(by(MAX_AMOUNT + 1n)).toThrow('at most');
    expect(by(-MAX_AMOUNT - 1n)).toThrow('at most');
  });

  it('has a history in which no event is earlier than the one before it, whatever a clock says', () => {
    const early = earn({ ...opened.account, updatedAt: later }, { ...of(1n), number: '26' }, now);
    expect([early.event.at, early.account.updatedAt]).toEqual([later, later]);
  });
});

const steps = fc.array(
  fc.record({
    do: fc.constantFrom('earn', 'spend', 'giveBack', 'adjust', 'withdraw'),
    points: fc.bigInt({ min: -200n, max: 500n }),
  }),
  { maxLength: 60 },
);

function act(account: Account | undefined, { do: verb, points }: { do: string; points: bigint }, n: number): Entry {
  const asked = of(points);
  switch (verb) {
    case 'earn':
      return earn(account, { ...asked, number: `${n}` }, now);
    case 'spend':
      return spend(account, { ...asked, orderId: `${n}` }, now);
    case 'giveBack':
      return giveBack(account, { ...asked, orderId: `${n}` }, now);
    case 'withdraw':
      return withdraw(account, { ...asked, orderNumber: '18', cause: `${n}` }, now);
    default:
      return adjust(account, { accountId: 'u1', change: points, cause: `${n}`, reason: 'r', actor: 's' }, now);
  }
}

describe('whatever happens to an account', () => {
  it('it is the fold of its events: never below 0, versions without gaps, each balance the sum so far', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let account: Account | undefined;
        const entries: Entry[] = [];
        all.forEach((step, n) => {
          try {
            const entry = act(account, step, n);
            entries.push(entry);
            account = entry.account;
          } catch (error) {
            if (!(error instanceof PointsRefused)) throw error;
          }
        });
        const events = entries.map(({ event }) => event);
        expect(events.reduce<Account | undefined>(evolve, undefined)).toEqual(account);
        let sum = 0n;
        events.forEach(({ version, change, balanceAfter }, index) => {
          sum += change;
          expect([version, balanceAfter]).toEqual([index + 1, sum]);
          expect(sum >= 0n).toBe(true);
        });
        expect(account?.told ?? 0).toBe(events.filter(({ kind }) => kind !== 'spent' && kind !== 'returned').length);
      }),
    );
  });

  it('its events fold in their own order or not at all', () => {
    const second = spend(opened.account, { ...of(300n), orderId: 'o1' }, later);
    expect(() => evolve(undefined, second.event)).toThrow('does not follow');
    expect(() => evolve(second.account, second.event)).toThrow('does not follow');
    expect(() => evolve(opened.account, { ...second.event, balanceAfter: 701n })).toThrow('does not follow');
  });
});
