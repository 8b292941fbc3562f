import type { Change } from './changes.js';

/** One order, all of one's own, or, for staff, everybody's. */
export type Target = { readonly orderId: string } | { readonly scope: 'mine' | 'all' };

export interface Watcher {
  /** Every change once, in order, across reconnects; for one order its present state first. */
  change(change: Change): void;
  /**
   * From now on nothing is missed. `recovered` false: what happened before is not known, so read the state now;
   * true: what was missed while the connection was away follows as changes.
   */
  ready?(info: { readonly recovered: boolean }): void;
  /** The shop will not tell of this; it is not asked again until the next `watch`. */
  refused?(refusal: Refusal): void;
}

export interface Refusal {
  readonly code: 'order_not_found' | 'forbidden' | 'unavailable' | (string & {});
  readonly message: string;
}

export type LiveState =
  /** Nobody watches. */
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  /** `caughtUp`: how many changes came that had been missed while the connection was away; undefined for the first. */
  | { readonly status: 'live'; readonly caughtUp: number | undefined }
  /** It was there, and will be again. */
  | { readonly status: 'reconnecting' }
  /** It fails again and again, as behind a proxy that knows no websockets: ask by HTTP meanwhile. It goes on trying. */
  | { readonly status: 'polling' }
  | { readonly status: 'signed-out' };

/** Changes as they happen, over one websocket for all who watch. */
export interface Live {
  /** The same object until something changes. */
  readonly state: LiveState;
  onChange(listener: () => void): () => void;
  /** Watches until the returned function is called. The socket is opened for the first who watches, closed after the last. */
  watch(target: Target, watcher: Watcher): () => void;
  /** Now instead of when the back-off is over. */
  reconnect(): void;
}
