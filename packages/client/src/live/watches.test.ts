import type { Change } from './changes.js';
import { createWatches } from './watches.js';

const mine = { scope: 'mine' } as const;
const order = { orderId: 'o1' } as const;
const change = (orderId: string, version: number): Change => ({
  type: 'order.status.changed',
  data: { orderId, status: 'PAID', version, at: '' },
});
const deaf = { change: () => undefined };
const create = () => createWatches((run) => run());

describe('where to go on after a break', () => {
  it('is where the shop had come to, for what it had confirmed', () => {
    const watches = create();
    watches.add(mine, deaf);
    watches.asked(mine);
    watches.confirmed('mine', false, 'p1');
    watches.deliver(change('o1', 1), 'p2');
    watches.lost();
    expect(watches.subscriptions()).toEqual([{ type: 'subscribe', scope: 'mine', after: 'p2' }]);
  });

  it('is where it was before, for what the shop had not confirmed yet', () => {
    const watches = create();
    watches.add(mine, deaf);
    watches.add(order, deaf);
    watches.asked(mine);
    watches.confirmed('mine', false, 'p1');
    watches.deliver(change('o1', 1), 'p2');
    watches.lost();
    expect(watches.subscriptions()).toEqual([
      { type: 'subscribe', scope: 'mine', after: 'p2' },
      { type: 'subscribe', orderId: 'o1' },
    ]);
  });

  it('is not what the answer to an earlier asking said', () => {
    const watches = create();
    const ready: boolean[] = [];
    watches.add(order, deaf);
    watches.asked(order);
    watches.remove(order, deaf);
    watches.add(order, { ...deaf, ready: ({ recovered }) => ready.push(recovered) });
    watches.asked(order);
    watches.confirmed('o1', false, 'p1');
    expect(ready).toEqual([]);
    watches.deliver(change('o2', 1), 'p2');
    watches.lost();
    expect(watches.subscriptions()).toEqual([{ type: 'subscribe', orderId: 'o1' }]);
  });
});
