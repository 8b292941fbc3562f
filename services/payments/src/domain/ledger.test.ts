import { MAX_AMOUNT, MAX_BALANCE } from '@g-store/values';
import { charge, LedgerRefused, open, refund, settle, topUp } from './ledger.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const fresh = { id: 'a1', userId: 'u1', currency: 'RUB' };
const wallet = { ...open(undefined, fresh, now), balance: 1_000n, version: 7 };

describe('a wallet', () => {
  it('starts empty', () => {
    expect(open(undefined, fresh, now)).toMatchObject({ balance: 0n, held: 0n, version: 0 });
  });

  it('is opened once per user', () => {
    expect(() => open(wallet, fresh, now)).toThrow(
      new LedgerRefused('account_exists', 'account for user already exists'),
    );
  });

  it('grows by what is paid in, and says so in its statement', () => {
    const { account, transfer } = topUp(wallet, 250n, now);
    expect(account).toMatchObject({ balance: 1_250n, held: 0n, version: 8 });
    expect(transfer).toEqual({
      kind: 'top_up',
      amount: 250n,
      userId: 'u1',
      wallet: { version: 8, balance: 1_250n },
      at: now,
    });
  });

  it.each([0n, -1n])('takes no payment of %s', (amount) => {
    expect(() => topUp(wallet, amount, now)).toThrow('order amount must be positive');
  });

  it('takes no single payment above the largest amount', () => {
    expect(topUp(wallet, MAX_AMOUNT, now).account.balance).toBe(1_000n + MAX_AMOUNT);
    expect(() => topUp(wallet, MAX_AMOUNT + 1n, now)).toThrow(LedgerRefused);
  });

  it('may be filled to its limit and not a kopeck further', () => {
    const nearlyFull = { ...wallet, balance: MAX_BALANCE - 1n };
    expect(topUp(nearlyFull, 1n, now).account.balance).toBe(MAX_BALANCE);
    expect(() => topUp(nearlyFull, 2n, now)).toThrow(expect.objectContaining({ code: 'balance_limit' }));
  });

  it('keeps room for what may still be refunded', () => {
    const full = { ...wallet, balance: MAX_BALANCE };
    const { account: charged } = charge(full, 'o1', 100n, now);
    expect(() => topUp(charged, 1n, now)).toThrow(expect.objectContaining({ code: 'balance_limit' }));
    expect(refund(charged, 'o1', 100n, now).account.balance).toBe(MAX_BALANCE);
    expect(topUp(settle(charged, 'o1', 100n, now).account, 100n, now).account.balance).toBe(MAX_BALANCE);
  });

  it('is not touched when a sale becomes final', () => {
    const { account: charged } = charge(wallet, 'o1', 400n, now);
    const { account, transfer } = settle(charged, 'o1', 400n, now);
    expect(account).toMatchObject({ balance: 600n, held: 0n, version: charged.version });
    expect(transfer).toEqual({ kind: 'settle', amount: 400n, userId: 'u1', orderId: 'o1', at: now });
  });
});
