import { openAccount, payIn, topUp } from './accounts.js';
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

describe('opening an account with money in it', () => {
  it('is one top-up that its owner hears of, in the same breath', async () => {
    const { work, accounts, transfers, told } = fakeWork();
    const opened = await openAccount(work, { ...command, fullName: 'Anna', balance: 500n, actor: 'u1' });
    expect(accounts.get('u1')).toEqual(opened);
    expect(opened).toMatchObject({ fullName: 'Anna', balance: 500n, held: 0n, version: 1 });
    expect(transfers).toEqual([
      { kind: 'top_up', amount: 500n, userId: 'u1', wallet: { version: 1, balance: 500n }, at: work.now },
    ]);
    expect(told).toMatchObject([{ type: 'BalanceChanged', kind: 'TOP_UP', version: 1, balance: 500n }]);
  });

  it('moves nothing when there is none in it', async () => {
    const { work, accounts, transfers, told } = fakeWork();
    await openAccount(work, { ...command, fullName: 'Anna', balance: 0n });
    expect(accounts.get('u1')).toMatchObject({ fullName: 'Anna', balance: 0n, version: 0 });
    expect([transfers, told]).toEqual([[], []]);
  });

  it('does not pay into one that is there already', async () => {
    const { work, accounts, transfers } = fakeWork();
    await openAccount(work, command);
    await expect(openAccount(work, { ...command, balance: 5n })).rejects.toMatchObject({ code: 'account_exists' });
    expect([accounts.get('u1')?.balance, transfers]).toEqual([0n, []]);
  });
});

describe('paying into the account of a user', () => {
  const anyVersion = (): void => {};

  it('remembers who did, unless it was the owner', async () => {
    const { work, accounts, transfers } = fakeWork();
    await openAccount(work, command);
    await payIn(work, { userId: 'u1', amount: 5n, actor: 'u1', checkVersion: anyVersion });
    await payIn(work, { userId: 'u1', amount: 7n, actor: 'boris', checkVersion: anyVersion });
    expect(accounts.get('u1')?.balance).toBe(12n);
    expect(transfers.map(({ actor }) => actor)).toEqual([undefined, 'boris']);
  });

  it('needs an account, and the version that the payer saw', async () => {
    const { work, transfers } = fakeWork();
    const pay = (checkVersion: (version: number) => void) =>
      payIn(work, { userId: 'u1', amount: 5n, actor: 'u1', checkVersion });
    await expect(pay(anyVersion)).rejects.toMatchObject({ code: 'not_found', message: 'account not found' });
    await openAccount(work, command);
    const seen = pay((version) => {
      if (version === 0) throw new RangeError('it has changed since you read it');
    });
    await expect(seen).rejects.toThrow(RangeError);
    expect(transfers).toEqual([]);
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
