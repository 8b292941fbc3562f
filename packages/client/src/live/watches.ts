import type { Guard } from '../listeners.js';
import type { Change } from './changes.js';
import { nameOf, type Subscribe } from './frames.js';
import type { Refusal, Target, Watcher } from './live.js';
import { createNewest, createSeen, type Seen } from './seen.js';

/**
 * Who watches what, and how far each has come. A position holds for everything that the shop has confirmed on the
 * connection it came by; what is confirmed later goes on from its own. So after a break the shop may tell again what was
 * heard already, never less: what was seen is dropped.
 */
export interface Watches {
  readonly size: number;
  has(target: Target): boolean;
  /** @returns whether the shop has to be asked for it */
  add(target: Target, watcher: Watcher): boolean;
  /** @returns whether nobody watches it any more */
  remove(target: Target, watcher: Watcher): boolean;
  /** What to ask on a new connection. */
  subscriptions(): readonly Subscribe[];
  /** It was asked for: from now on only the answer to the last asking counts. */
  asked(target: Target): void;
  confirmed(name: string, recovered: boolean, position: string | undefined): void;
  /** @returns whether anybody heard it for the first time */
  deliver(change: Change, position: string | undefined): boolean;
  refused(name: string, refusal: Refusal): void;
  /** The shop has stopped watching it, and is to be asked again. @returns what */
  dropped(name: string): Target | undefined;
  /** The connection is gone: from here all go on. */
  lost(): void;
  /** Somebody else has signed in: nothing of before is theirs. */
  forget(): void;
}

interface Watch {
  readonly target: Target;
  readonly watchers: Map<Watcher, { fresh: boolean }>;
  readonly seen: Seen;
  /** Of an order: what its next watcher is told first. */
  latest: Change | undefined;
  position: string | undefined;
  confirmed: boolean;
}

export function createWatches(guard: Guard): Watches {
  const watches = new Map<string, Watch>();
  /** Askings on this connection that are not answered yet. */
  const unanswered = new Map<string, number>();
  let served: string | undefined;

  const ready = (watch: Watch, recovered: boolean): void => {
    for (const [watcher, how] of watch.watchers) {
      const known = recovered && !how.fresh;
      how.fresh = false;
      guard(() => watcher.ready?.({ recovered: known }));
    }
  };
  const welcome = (watch: Watch, watcher: Watcher): void => {
    const how = watch.watchers.get(watcher);
    if (how === undefined || !how.fresh || !watch.confirmed) return;
    how.fresh = false;
    guard(() => watcher.ready?.({ recovered: false }));
    const { latest } = watch;
    if (latest !== undefined) guard(() => watcher.change(latest));
  };
  const concerned = (change: Change): readonly Watch[] => {
    const names = ['mine', 'all', ...(isOfOrder(change) ? [change.data.orderId] : [])];
    return names.flatMap((name) => watches.get(name) ?? []);
  };

  return {
    get size() {
      return watches.size;
    },
    has: (target) => watches.has(nameOf(target)),
    add(target, watcher) {
      const name = nameOf(target);
      const watch = watches.get(name);
      if (watch !== undefined) {
        watch.watchers.set(watcher, { fresh: true });
        queueMicrotask(() => welcome(watch, watcher));
        return false;
      }
      watches.set(name, {
        target,
        watchers: new Map([[watcher, { fresh: true }]]),
        seen: 'orderId' in target ? createNewest() : createSeen(),
        latest: undefined,
        position: undefined,
        confirmed: false,
      });
      return true;
    },
    remove(target, watcher) {
      const watch = watches.get(nameOf(target));
      if (watch === undefined || !watch.watchers.delete(watcher) || watch.watchers.size > 0) return false;
      return watches.delete(nameOf(target));
    },
    subscriptions: () =>
      [...watches.values()].map(({ target, position }) => ({
        type: 'subscribe',
        ...target,
        ...(position !== undefined && { after: position }),
      })),
    asked(target) {
      const name = nameOf(target);
      unanswered.set(name, (unanswered.get(name) ?? 0) + 1);
    },
    confirmed(name, recovered, position) {
      const left = (unanswered.get(name) ?? 1) - 1;
      unanswered.set(name, left);
      const watch = watches.get(name);
      served = position ?? served;
      if (watch === undefined || left > 0) return;
      watch.confirmed = true;
      ready(watch, recovered);
    },
    deliver(change, position) {
      served = position ?? served;
      let heard = false;
      for (const watch of concerned(change)) {
        if (!watch.seen.isNew(change)) continue;
        heard = true;
        if ('orderId' in watch.target) watch.latest = change;
        for (const watcher of [...watch.watchers.keys()]) guard(() => watcher.change(change));
      }
      return heard;
    },
    refused(name, refusal) {
      const watchers = [...(watches.get(name.toLowerCase())?.watchers.keys() ?? [])];
      for (const watcher of watchers) guard(() => watcher.refused?.(refusal));
    },
    dropped(name) {
      const watch = watches.get(name.toLowerCase());
      if (watch !== undefined) watch.confirmed = false;
      return watch?.target;
    },
    lost() {
      for (const watch of watches.values()) {
        if (watch.confirmed) watch.position = served;
        watch.confirmed = false;
      }
      unanswered.clear();
      served = undefined;
    },
    forget() {
      for (const watch of watches.values()) {
        watch.position = undefined;
        watch.latest = undefined;
        watch.seen.clear();
        for (const how of watch.watchers.values()) how.fresh = true;
      }
    },
  };
}

const isOfOrder = (change: Change): change is Extract<Change, { type: `order.${string}` }> =>
  change.type.startsWith('order.');
