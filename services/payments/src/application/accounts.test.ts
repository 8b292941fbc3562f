import { openAccount, topUp } from './accounts.js';
import { fakeWork } from './work.fake.js';

const command = { userId: 'u1', currency: 'RUB' };

describe('opening an account', () => {
  it('gives the user an empty wallet in the currency of the shop', async () => {
    const { work, accounts, told } = fakeWork();
    expect(await openAccount(work, command)).toMatchObject({ id: 'id-1', userId: 'u1', currency: 'RUB', balance: 0n });
    expect(accounts.size).toBe(1);
    expect(told).toEqual([]);
  });

  it('refuses a second one and leaves the first as it is', async () => {
    const { work, accounts } = fakeWork();
    const { id } = await openAccount(work, command);
    await expect(openAccount(work, command)).rejects.toMatchObject({ code: 'account_exists' });
    expect(accounts.get('u1')?.id).toBe(id);
  });
});

describe('topping up', () => {
  it('tells the owner the new balance, counting from 1', async () => {
    const { work, told } = fakeWork();
    const { id: accountId } = await openAccount(work, command);
    await topUp(work, { accountId, userId: 'u1', amount: 500n });
    await topUp(work, { accountId, userId: 'u1', amount: 250n });
    expect(told).toEqual([
      {
        type: 'BalanceChanged',
        key: accountId,
        version: 1,
        accountId,
        accountVersion: 1,
        kind: 'TOP_UP',
        change: 500n,
        balance: 500n,
      },
      {
        type: 'BalanceChanged',
        key: accountId,
        version: 2,
        accountId,
        accountVersion: 2,
        kind: 'TOP_UP',
        change: 250n,
        balance: 750n,
      },
    ]);
  });

  it("answers for another's account exactly as for one that does not exist", async () => {
    const { work, transfers } = fakeWork();
    const { id: accountId } = await openAccount(work, command);
    const refusals = [accountId, 'nobody'].map((id) =>
      topUp(work, { accountId: id, userId: 'u2', amount: 1n }).catch(({ code, message }) => ({ code, message })),
    );
    const [anothers, missing] = await Promise.all(refusals);
    expect(missing).toEqual({ code: 'not_found', message: 'account not found' });
    expect(anothers).toEqual(missing);
    expect(transfers).toEqual([]);
  });
});
