import { expectStatus, http, signIn, type Order } from './shop';
import { seed } from './stack';

async function ordersOf(login: string): Promise<readonly Order[]> {
  const token = await signIn(login, `${login}-password`);
  return expectStatus(await http.get<{ orders: Order[] }>('/api/orders/v1/orders?limit=100', { token }), 200).orders;
}

const statesOf = async (login: string): Promise<readonly string[]> =>
  (await ordersOf(login)).map(({ status, cancellationReason }) => cancellationReason ?? status).sort();

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
    ]);
    expect(await statesOf('ivan')).toEqual(['DELIVERY_UNAVAILABLE', 'INSUFFICIENT_FUNDS', 'ISSUED', 'PAID']);
    expect(await statesOf('sari')).toEqual(['NO_PAYMENT_ACCOUNT']);
    const before = await Promise.all(['alice', 'ivan', 'sari'].map(ordersOf));
    await seed();
    expect(await Promise.all(['alice', 'ivan', 'sari'].map(ordersOf))).toEqual(before);
  }, 120_000);

  it('is not made in production', async () => {
    await expect(seed({ GSTORE_MODE: 'production' })).rejects.toMatchObject({
      stderr: expect.stringContaining('only a demo is seeded'),
    });
  });
});
