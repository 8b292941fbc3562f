import type { AccountChange, Change, OrderCancelled, OrderStatusChanged } from '@g-store/client';

/** The newest that was heard of one thing, and how its versions ran. */
export interface Newest<C extends Change = Change> {
  readonly change: C;
  /** The first version of the run; the change has the last. */
  readonly from: number;
  /** Between these two a version was not heard of. */
  readonly gap: boolean;
  /** It is the reader's own; staff hear of everybody's. */
  readonly mine: boolean;
}

export type OrderChange = OrderStatusChanged | OrderCancelled;

export const isOrderChange = (change: Change): change is OrderChange =>
  change.type === 'order.status.changed' || change.type === 'order.cancelled';

const nameOf = (change: Change): string =>
  isOrderChange(change) ? `order ${change.data.orderId}` : `${change.type} ${(change.data as AccountChange).accountId}`;

/** Collects changes between two paints: however many there are of one thing, only what it has become is kept. */
export function createNewest() {
  let byName = new Map<string, Newest>();
  return {
    add(change: Change, mine: boolean): void {
      const name = nameOf(change);
      const known = byName.get(name);
      const { version } = change.data;
      if (known === undefined) byName.set(name, { change, from: version, gap: false, mine });
      else if (version > known.change.data.version) {
        const gap = known.gap || version > known.change.data.version + 1;
        byName.set(name, { change, from: known.from, gap, mine: known.mine || mine });
      }
    },
    take(): readonly Newest[] {
      const taken = [...byName.values()];
      byName = new Map();
      return taken;
    },
  };
}
