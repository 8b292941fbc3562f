import type { Change } from './changes.js';

/** What has been heard already, as far back as it could ever be told again. */
export interface Seen {
  /** Remembers it, too. */
  isNew(change: Change): boolean;
  clear(): void;
}

/** Of one order: its present state may be told before the changes that led to it. */
export function createNewest(): Seen {
  let newest = 0;
  return {
    isNew({ data: { version } }) {
      if (version <= newest) return false;
      newest = version;
      return true;
    },
    clear: () => void (newest = 0),
  };
}

/** Far more than what can be under way when a connection breaks; its size is what keeps the memory flat. */
const MOST = 4_096;

/** Of many: points change by several topics, whose versions need not come in order. */
export function createSeen(most: number = MOST): Seen {
  // In the order of their coming, so that the oldest are dropped first.
  const ids = new Set<string>();
  return {
    isNew(change) {
      const id = idOf(change);
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > most) {
        const [oldest] = ids;
        if (oldest !== undefined) ids.delete(oldest);
      }
      return true;
    },
    clear: () => ids.clear(),
  };
}

function idOf({ type, data }: Change): string {
  switch (type) {
    case 'order.status.changed':
    case 'order.cancelled':
      return `order ${data.orderId} ${data.version}`;
    default:
      return `${type} ${data.accountId} ${data.version}`;
  }
}
