import fc from 'fast-check';
import { openAccount, topUp } from './accounts.js';
import { chargeOrder, refundOrder, settleOrder } from './payments.js';
import { fakeWork } from './work.fake.js';
import type { FakeLedger } from './work.fake.js';

const order = { orderId: 'o1', owner: 'u1', amount: 400n, currency: 'RUB' };

async function withMoney(amount: bigint): Promise<FakeLedger> {
  const ledger = fakeWork();
  const { id } = await openAccount(ledger.work, { userId: 'u1', currency: 'RUB' });
  await topUp(ledger.work, { accountId: id, userId: 'u1', amount });
  return ledger;
}

describe('the payment of an order', () => {
  it('is charged, given back when the order is cancelled, and told as versions 1 and 2', async () => {
    const ledger = await withMoney(500n);
    await chargeOrder(ledger.work, order);
    await refundOrder(ledger.work, order);
    expect(ledger.accounts.get('u1')).toMatchObject({ balance: 500n, held: 0n });
    expect(ledger.told.slice(1).map(({ type, key, version }) => [type, key, version])).toEqual([
      ['PaymentProcessed', 'o1', 1],
      ['BalanceChanged', 'id-1', 2],
      ['PaymentRefunded', 'o1', 2],
      ['BalanceChanged', 'id-1', 3],
    ]);
  });

  it('is never taken when the cancellation was heard before the order', async () => {
    const ledger = await withMoney(500n);
    await refundOrder(ledger.work, order);
    await chargeOrder(ledger.work, order);
    expect(ledger.accounts.get('u1')?.balance).toBe(500n);
    expect(ledger.told.filter(({ key }) => key === 'o1')).toEqual([]);
  });

  it('goes back to the wallet it came from, whoever the cancellation names', async () => {
    const ledger = await withMoney(500n);
    await openAccount(ledger.work, { userId: 'u2', currency: 'RUB' });
    await chargeOrder(ledger.work, order);
    await refundOrder(ledger.work, { orderId: 'o1', owner: 'u2' });
    expect(ledger.accounts.get('u1')?.balance).toBe(500n);
    expect(ledger.accounts.get('u2')?.balance).toBe(0n);
  });
});

type Step =
  | { readonly do: 'open'; readonly user: string }
  | { readonly do: 'topUp'; readonly user: string; readonly amount: bigint }
  | { readonly do: 'create' | 'cancel' | 'issue'; readonly order: number };

const users = ['u1', 'u2'];
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('open' as const), user: fc.constantFrom(...users) }),
    fc.record({ do: fc.constant('topUp' as const), user: fc.constantFrom(...users), amount: fc.bigInt(-5n, 60n) }),
    fc.record({ do: fc.constantFrom('create' as const, 'cancel' as const, 'issue' as const), order: fc.nat(4) }),
  ),
  { maxLength: 60 },
);
const prices = fc.array(fc.bigInt(-1n, 50n), { minLength: 5, maxLength: 5 });

/** Any story at all: events twice, in any order, faults included; a step that throws has recorded nothing. */
async function tell(ledger: FakeLedger, story: readonly Step[], amounts: readonly bigint[]): Promise<void> {
  const { work, accounts } = ledger;
  for (const step of story) {
    const perform = (): Promise<unknown> => {
      if (step.do === 'open') return openAccount(work, { userId: step.user, currency: 'RUB' });
      if (step.do === 'topUp')
        return topUp(work, { accountId: accounts.get(step.user)?.id ?? '?', userId: step.user, amount: step.amount });
      const placed = { orderId: `o${step.order}`, owner: users[step.order % 2] ?? '', currency: 'RUB' };
      if (step.do === 'create') return chargeOrder(work, { ...placed, amount: amounts[step.order] ?? 0n });
      return step.do === 'cancel' ? refundOrder(work, placed) : settleOrder(work, placed);
    };
    await perform().catch((refusal: Error) => {
      if (/^(check|unique|foreign key)/.test(refusal.message)) throw refusal; // the rules must hold before the database has to
    });
  }
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

describe('whatever happens, in whatever order, however often', () => {
  it('no money is made or lost: what came in is in wallets, held for an order, or earned', async () => {
    await fc.assert(
      fc.asyncProperty(steps, prices, async (story, amounts) => {
        const ledger = fakeWork();
        await tell(ledger, story, amounts);
        const moved = (kind: string): bigint =>
          total(ledger.transfers.filter((transfer) => transfer.kind === kind).map(({ amount }) => amount));
        const wallets = [...ledger.accounts.values()];
        expect(total(wallets.map(({ balance, held }) => balance + held))).toBe(moved('top_up') - moved('settle'));
        expect(total(wallets.map(({ held }) => held))).toBe(moved('charge') - moved('settle') - moved('refund'));
      }),
    );
  });

  it('an order is charged at most once, and ends charged, given back whole or earned whole', async () => {
    await fc.assert(
      fc.asyncProperty(steps, prices, async (story, amounts) => {
        const ledger = fakeWork();
        await tell(ledger, story, amounts);
        for (const { orderId, state, amount } of ledger.payments.values()) {
          const kinds = ledger.transfers.filter((transfer) => transfer.orderId === orderId).map(({ kind }) => kind);
          const closing = { charged: [], settled: ['settle'], refunded: ['refund'], refused: [], cancelled: [] }[state];
          const isCharged = amount > 0n && state !== 'refused' && state !== 'cancelled';
          expect(kinds).toEqual(isCharged ? ['charge', ...closing] : []);
        }
      }),
    );
  });

  it('an order cancelled before it was heard of costs nothing for ever', async () => {
    await fc.assert(
      fc.asyncProperty(steps, prices, async (story, amounts) => {
        const ledger = fakeWork();
        await refundOrder(ledger.work, { orderId: 'o0', owner: 'u1' });
        await tell(ledger, story, amounts);
        expect(ledger.transfers.filter(({ orderId }) => orderId === 'o0')).toEqual([]);
        expect(ledger.told.filter(({ key }) => key === 'o0')).toEqual([]);
      }),
    );
  });

  it('others hear versions 1, 2, 3 … of every order and account, none twice and none left out', async () => {
    await fc.assert(
      fc.asyncProperty(steps, prices, async (story, amounts) => {
        const ledger = fakeWork();
        await tell(ledger, story, amounts);
        const heard = Map.groupBy(ledger.told, ({ key }) => key);
        for (const events of heard.values())
          expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
      }),
    );
  });
});
