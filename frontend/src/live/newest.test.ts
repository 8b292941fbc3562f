import type { Change } from '@g-store/client';
import { createNewest } from './newest.js';

const at = '2026-11-27T00:00:00Z';
const status = (orderId: string, version: number): Change => ({
  type: 'order.status.changed',
  data: { orderId, version, status: 'PAID', at },
});
const balance = (version: number): Change => ({
  type: 'balance.changed',
  data: { accountId: 'a', version, balance: version, change: 1, kind: 'TOP_UP', at },
});

describe('between two paints', () => {
  it('only what a thing has become is kept, however often it changed', () => {
    const newest = createNewest();
    for (let version = 1; version <= 1_000; version += 1) newest.add(status('o1', version), true);
    newest.add(status('o2', 5), true);
    newest.add(balance(3), true);
    expect(newest.take().map(({ change, from, gap }) => [change.type, change.data.version, from, gap])).toEqual([
      ['order.status.changed', 1_000, 1, false],
      ['order.status.changed', 5, 5, false],
      ['balance.changed', 3, 3, false],
    ]);
    expect(newest.take()).toEqual([]);
  });

  it('news that come late or twice change nothing', () => {
    const newest = createNewest();
    for (const version of [2, 3, 3, 1]) newest.add(status('o1', version), true);
    expect(newest.take()).toMatchObject([{ from: 2, gap: false, change: { data: { version: 3 } } }]);
  });

  it('a version that was skipped is noticed', () => {
    const newest = createNewest();
    for (const version of [2, 4, 5]) newest.add(status('o1', version), true);
    expect(newest.take()).toMatchObject([{ gap: true, change: { data: { version: 5 } } }]);
  });

  it("what is one's own stays so, when staff hear of it as everybody's too", () => {
    const newest = createNewest();
    newest.add(status('o1', 2), true);
    newest.add(status('o1', 3), false);
    expect(newest.take()).toMatchObject([{ mine: true }]);
  });
});
