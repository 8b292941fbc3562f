import type { EventMeta } from '@g-store/contracts';
import type { Announced } from '@g-store/messaging';
import { openAccount, topUp } from '../application/accounts.js';
import { fakeWork } from '../application/work.fake.js';
import type { FakeLedger } from '../application/work.fake.js';
import type { Announcements, Work } from '../application/work.js';
import { orderEvents } from './order-events.js';

const announced = (what: string): Announced => ({ table: {}, key: { what } }) as unknown as Announced;
const announcements: Announcements = {
  account: (id) => announced(`account ${id}`),
  accountOf: (userId) => announced(`account of ${userId}`),
  payment: (orderId) => announced(`payment ${orderId}`),
};

const meta: EventMeta = {
  eventId: 'e1',
  aggregateId: 'o1',
  aggregateVersion: 1,
  owner: 'u1',
  occurredAt: new Date('2026-01-02T03:04:05.000Z'),
  correlationId: 'c1',
};
const created = { number: '18', amount: 500n, currency: 'RUB', pointsToSpend: 120n, items: [] };
const record = { topic: 'order.events', partition: 0, offset: 0n, raw: Buffer.alloc(0) };
const cancelled = { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u1' };
const issued = { from: 'DELIVERING', to: 'ISSUED', actor: 's1' };

/** Hears an event as the consumer does; answers with what was looked at without having been announced. */
async function hear(ledger: FakeLedger, eventCase: string, value: object): Promise<readonly string[]> {
  const subscription = orderEvents(announcements).find((each) => each.case === eventCase);
  const known = new Set(subscription?.announce(value, meta).map(({ key }) => key['what']));
  const unannounced: string[] = [];
  const look = (what: string): void => void (known.has(what) || unannounced.push(what));
  const work: Work = {
    ...ledger.work,
    accountOf: (userId) => (look(`account of ${userId}`), ledger.work.accountOf(userId)),
    payment: (orderId) => (look(`payment ${orderId}`), ledger.work.payment(orderId)),
  };
  await subscription?.handle(work, value, meta, record);
  return unannounced;
}

async function withMoney(): Promise<FakeLedger> {
  const ledger = fakeWork();
  const { id } = await openAccount(ledger.work, { userId: 'u1', currency: 'RUB' });
  await topUp(ledger.work, { accountId: id, userId: 'u1', amount: 1_000n });
  return ledger;
}

describe('when payments hears of an order', () => {
  it('charges what points do not pay', async () => {
    const ledger = await withMoney();
    await hear(ledger, 'created', created);
    expect(ledger.accounts.get('u1')?.balance).toBe(620n);
    expect(ledger.payments.get('o1')).toMatchObject({ state: 'charged', owner: 'u1', amount: 380n });
  });

  it('gives it back when the order is cancelled', async () => {
    const ledger = await withMoney();
    await hear(ledger, 'created', created);
    await hear(ledger, 'cancelled', cancelled);
    expect(ledger.accounts.get('u1')?.balance).toBe(1_000n);
  });

  it('earns it when the order is issued, and at no step before', async () => {
    const ledger = await withMoney();
    await hear(ledger, 'created', created);
    await hear(ledger, 'statusChanged', { ...issued, from: 'ASSEMBLED', to: 'DELIVERING' });
    expect(ledger.payments.get('o1')?.state).toBe('charged');
    await hear(ledger, 'statusChanged', issued);
    expect(ledger.payments.get('o1')?.state).toBe('settled');
  });

  it('lets a cancellation overtake everything else', () => {
    const final = orderEvents(announcements).filter((subscription) => subscription.final);
    expect(final.map((subscription) => subscription.case)).toEqual(['cancelled']);
  });

  it('has announced every row that it looks at, so that a batch is read in one round trip', async () => {
    const ledger = await withMoney();
    const other = await withMoney();
    expect(await hear(ledger, 'created', created)).toEqual([]);
    expect(await hear(ledger, 'statusChanged', issued)).toEqual([]);
    expect(await hear(other, 'created', created)).toEqual([]);
    expect(await hear(other, 'cancelled', cancelled)).toEqual([]);
  });
});
