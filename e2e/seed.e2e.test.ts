import { eventually } from '@g-store/testing';
import { expectStatus, http, signIn, uploadsOf, type Order } from './shop';
import { seed } from './stack';

async function ordersOf(login: string): Promise<readonly Order[]> {
  const token = await signIn(login, `${login}-password`);
  return expectStatus(await http.get<{ orders: Order[] }>('/api/orders/v1/orders?limit=100', { token }), 200).orders;
}

const statesOf = async (login: string): Promise<readonly string[]> =>
  (await ordersOf(login)).map(({ status, cancellationReason }) => cancellationReason ?? status).sort();

/** What somebody has of points, and the states of what they have uploaded. */
async function pointsOf(login: string) {
  const token = await signIn(login, `${login}-password`);
  const { entries } = expectStatus(
    await http.get<{ entries: readonly { type: string }[] }>('/api/points/v1/accounts/mine/entries', { token }),
    200,
  );
  const uploads = await uploadsOf({ id: '', login, token });
  return { entries, uploads: uploads.map(({ status }) => status).sort() };
}

const everything = async () => {
  const people = ['alice', 'ivan', 'sari'];
  return [await Promise.all(people.map(ordersOf)), await Promise.all(people.map(pointsOf))];
};

describe('the demo', () => {
  it('has people with money and without, and orders in each state; sowing it again changes nothing', async () => {
    await seed();
    expect(await statesOf('alice')).toEqual([
      'ASSEMBLED',
      'ASSEMBLING',
      'CHANGED_MIND',
      'DELIVERING',
      'ISSUED',
      'ISSUED',
      'OUT_OF_STOCK',
      'PAID',
      'PAID',
    ]);
    expect(await statesOf('ivan')).toEqual([
      'DELIVERY_UNAVAILABLE',
      'INSUFFICIENT_FUNDS',
      'INSUFFICIENT_POINTS',
      'ISSUED',
      'PAID',
    ]);
    expect(await statesOf('sari')).toEqual(['NO_PAYMENT_ACCOUNT', 'PAID']);
    // A receipt, and the notebooks once they were issued.
    await eventually(
      async () => (await pointsOf('alice')).entries.filter(({ type }) => type === 'EARNED').length === 2,
    );
    expect((await pointsOf('alice')).uploads).toEqual(['INVALID', 'NEW', 'PROCESSED']);
    const before = await everything();
    await seed();
    expect(await everything()).toEqual(before);
  }, 120_000);

  it('is not made in production', async () => {
    await expect(seed({ GSTORE_MODE: 'production' })).rejects.toMatchObject({
      stderr: expect.stringContaining('only a demo is seeded'),
    });
  });
});
