import { subscriptionOf, type InboxContext } from './apply.js';
import type { Heard } from './heard.js';
import type { Hold, NewParked, ParkedReason, StreamRow } from './records.js';

export interface InboxBatch {
  readonly partition: number;
  readonly heard: readonly Heard[];
  /** How often each has failed so far, by offset. */
  readonly failures: ReadonlyMap<bigint, number>;
  /** What has failed too often, by offset: parked this time instead of tried. */
  readonly giveUp: ReadonlyMap<bigint, { readonly error: string; readonly attempts: number }>;
  /** Whether the partition's oldest records have expired, so that a first version above 1 may be a base. Asked when it is needed. */
  readonly oldestExpired: boolean | undefined;
}

/** Whether a version above 1 may be the first of its key depends on whether older records have expired; ask Kafka, outside the transaction. */
export class AskWhetherOldestExpired extends Error {
  override readonly name = 'AskWhetherOldestExpired';
}

/** What a batch has made of one key so far. */
export interface KeyState {
  readonly loaded: StreamRow | undefined;
  version: number;
  hold: Hold;
  final: boolean;
  touched: boolean;
  /** A final event came in this batch. */
  superseded: boolean;
  readonly newlyWaiting: NewParked[];
}

export const keyState = (loaded: StreamRow | undefined): KeyState => ({
  loaded,
  version: loaded?.version ?? 0,
  hold: loaded?.hold ?? null,
  final: loaded?.final ?? false,
  touched: false,
  superseded: false,
  newlyWaiting: [],
});

export type Disposition =
  | { readonly do: 'skip' }
  | { readonly do: 'run'; readonly final: boolean }
  | { readonly do: 'park'; readonly reason: ParkedReason; readonly error: string; readonly attempts: number };

/** What is to be done with one message, from the versions of its key and from what is parked. */
export function dispose<W>(
  one: Heard,
  state: KeyState,
  unseen: ReadonlySet<string>,
  context: InboxContext<W>,
  batch: InboxBatch,
): Disposition {
  const park = (reason: ParkedReason, error: string, attempts = 0): Disposition => ({
    do: 'park',
    reason,
    error,
    attempts,
  });
  const { event } = one;
  if (event === undefined) return park('undecodable', one.fault ?? 'unreadable');
  const version = event.meta.aggregateVersion;
  if (!unseen.has(event.meta.eventId) || state.final) return { do: 'skip' };
  const failure = batch.giveUp.get(one.offset);
  if (failure !== undefined) return park('failed', failure.error, failure.attempts);
  if (subscriptionOf(context, event)?.final === true && version > state.version) return { do: 'run', final: true };
  if (state.hold === 'failed') return park('follows', 'an earlier message of this key is parked');
  if (version === 0 || version === state.version + 1) return { do: 'run', final: false };
  if (version <= state.version) return park('fork', `version ${version} was applied before under another event id`);
  if (state.loaded === undefined && state.version === 0 && state.hold === null) {
    if (batch.oldestExpired === undefined) throw new AskWhetherOldestExpired();
    if (batch.oldestExpired) return { do: 'run', final: false };
  }
  return park('gap', `waits for version ${state.version + 1}`);
}
