import { enter, type AccountFold } from './account-fold.js';

const now = new Date(Date.UTC(2026, 2, 1));
const fold = (...entries: readonly (readonly [version: number, change: bigint, balance: bigint])[]) => {
  let account: AccountFold | undefined;
  for (const [version, change, balance] of entries)
    account = enter(account, { kind: 'points', accountId: 'anna', version, change, balance }, now);
  return account?.doubt ?? null;
};

it('adds up in whatever order its entries are heard', () => {
  expect(fold([1, 100n, 100n], [2, -30n, 70n], [3, 5n, 75n])).toBeNull();
  expect(fold([3, 5n, 75n], [1, 100n, 100n], [2, -30n, 70n])).toBeNull();
});

it('begins where the journal began to listen', () => {
  expect(fold([7, -30n, 70n], [8, 5n, 75n])).toBeNull();
});

it.each([
  [
    'a change that is not in the balance',
    [
      [1, 100n, 100n],
      [2, -30n, 71n],
    ],
  ],
  [
    'an entry that never came',
    [
      [1, 100n, 100n],
      [3, 5n, 75n],
    ],
  ],
  [
    'two entries under one version',
    [
      [1, 100n, 100n],
      [2, -30n, 70n],
      [2, -30n, 70n],
    ],
  ],
  ['a balance that comes from nowhere', [[1, 100n, 101n]]],
  ['a balance below 0', [[1, -1n, -1n]]],
] as const)('is in doubt for %s', (_why, entries) => expect(fold(...entries)).not.toBeNull());
