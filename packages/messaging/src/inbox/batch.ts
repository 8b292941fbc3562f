import type { QueryConfig, QueryResult } from 'pg';
import type { Clock } from '@g-store/runtime';
import type { Plan } from '../unit-of-work/attempt.js';
import { AttemptFailed } from '../unit-of-work/transaction.js';
import { announcedBy, apply, noteRepeat, recordOf, type InboxContext, type Result } from './apply.js';
import { closeGap } from './gap.js';
import { uuidV7Ms, type Heard, type HeardEvent } from './heard.js';
import { dispose, keyState, type InboxBatch, type KeyState } from './key-state.js';
import * as records from './records.js';
import type { NewParked, StreamRow } from './records.js';

/** A handler threw: everything of this attempt is rolled back, to be tried again. */
export class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed';
  constructor(
    readonly offset: bigint,
    options: { readonly cause: unknown },
  ) {
    super(options.cause instanceof Error ? options.cause.message : String(options.cause), options);
  }
}

/** An event older than this has lost its inbox row; it can only be a repeat, for Kafka and the outbox keep half as long together. */
const INBOX_KEEPS_MS = 28 * 24 * 60 * 60 * 1000;

export interface BatchResult {
  /** What was looked at, in the order of `results`. */
  readonly heard: readonly Heard[];
  readonly results: readonly Result[];
  readonly parked: readonly NewParked[];
}

/**
 * Kafka batches of a topic's partitions, one of each, as one transaction: effects, inbox, streams, progress and what is
 * parked commit together. The results are in the order of the batches. A key lies in one partition, so they share none.
 */
export function batchPlan<W>(context: InboxContext<W>, batches: readonly InboxBatch[]): Plan<readonly BatchResult[]> {
  const { consumer, subscriptions, clock } = context;
  const of = { consumer, topic: subscriptions.topic.name };
  const all = batches.flatMap(({ heard }) => heard);
  const tooOldMs = clock.now().getTime() - INBOX_KEEPS_MS;
  const fresh = all.flatMap(({ event }) =>
    event && uuidV7Ms(event.meta.eventId) > tooOldMs ? [event.meta.eventId] : [],
  );
  const unreadable = batches.flatMap(({ partition, heard }) => {
    const offsets = heard.flatMap(({ event, offset }) => (event === undefined ? [offset] : []));
    return offsets.length === 0 ? [] : [{ partition, offsets }];
  });

  return {
    opening: [
      records.insertInbox(consumer, [...new Set(fresh)]),
      records.lockStreams(of, [...new Set(all.map(({ key }) => key))]),
    ],
    announced: all.flatMap(({ event }) => announcedBy(context, event)),
    behindGuards: unreadable.map(({ partition, offsets }) => records.selectParkedOffsets(of, partition, offsets)),
    async decide(transaction, { opening: [inbox, streams], behindGuards }) {
      const knownByPartition = new Map(
        unreadable.map(({ partition }, i) => [
          partition,
          new Set((behindGuards[i] as QueryResult<{ offset: bigint }>).rows.map(({ offset }) => offset)),
        ]),
      );
      const unseen = new Set((inbox as QueryResult<{ eventId: string }>).rows.map(({ eventId }) => eventId));
      const stateByKey = new Map((streams as QueryResult<StreamRow>).rows.map((row) => [row.key, keyState(row)]));
      const result: BatchResult[] = [];
      const extra: QueryConfig[] = [];
      const keyOf = (key: string): KeyState => {
        const state = stateByKey.get(key) ?? keyState(undefined);
        stateByKey.set(key, state);
        return state;
      };

      for (const batch of batches) {
        const known = knownByPartition.get(batch.partition);
        const parked: NewParked[] = [];
        const results: Result[] = [];
        for (const one of batch.heard) {
          const state = keyOf(one.key);
          const disposition = known?.has(one.offset) ? SKIP : dispose(one, state, unseen, context, batch);
          if (one.event) unseen.delete(one.event.meta.eventId);
          if (disposition.do === 'skip') {
            // One whose note fails again and again is a repeat all the same.
            if (!batch.giveUp.has(one.offset))
              await noteRepeat(transaction, context, one.event).catch((error: unknown) => throwAt(one, error));
            results.push('repeat');
            continue;
          }
          state.touched = true;
          if (disposition.do === 'park') {
            const row = toParked(one, disposition);
            parked.push(row);
            if (disposition.reason !== 'fork') state.hold = disposition.reason === 'gap' ? 'gap' : 'failed';
            if (disposition.reason === 'gap') state.newlyWaiting.push(row);
            results.push('parked');
            continue;
          }
          const event = one.event as HeardEvent;
          try {
            const tried = batch.failures.get(one.offset) ?? 0;
            results.push(await apply(transaction, context, event, recordOf(context, batch.partition, one), tried + 1));
          } catch (error) {
            throwAt(one, error);
          }
          if (event.meta.aggregateVersion > 0) state.version = Math.max(state.version, event.meta.aggregateVersion);
          if (disposition.final) Object.assign(state, { final: true, hold: null, superseded: true });
          else if (state.hold === 'gap')
            extra.push(...(await closeGap(transaction, context, one.key, state, batch.partition, parked)));
        }
        result.push({ heard: batch.heard, results, parked });
      }
      return {
        result,
        before: writes(of, batches, context, stateByKey, result),
        after: [...extra, ...superseding(of, stateByKey, clock)],
      };
    },
  };
}

const SKIP = { do: 'skip' } as const;

function throwAt({ offset }: Heard, error: unknown): never {
  throw error instanceof AttemptFailed ? error : new HandlerFailed(offset, { cause: error });
}

const toParked = (
  one: Heard,
  { reason, error, attempts }: { reason: NewParked['reason']; error: string; attempts: number },
): NewParked => ({
  offset: one.offset,
  key: one.key,
  eventId: one.event?.meta.eventId ?? null,
  version: one.event?.meta.aggregateVersion ?? null,
  raw: one.raw,
  headers: one.headers ?? null,
  reason,
  error: error.slice(0, 2_000),
  attempts,
});

function writes<W>(
  of: records.StreamOf,
  batches: readonly InboxBatch[],
  context: InboxContext<W>,
  stateByKey: ReadonlyMap<string, KeyState>,
  results: readonly BatchResult[],
): QueryConfig[] {
  const changed = [...stateByKey].filter(([, state]) => isChanged(state)).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = (present: boolean): StreamRow[] =>
    changed
      .filter(([, state]) => (state.loaded !== undefined) === present)
      .map(([key, { version, hold, final }]) => ({ key, version, hold, final }));
  const progress = batches.map(({ partition, heard }) => ({
    partition,
    nextOffset: (heard.at(-1) as Heard).offset + 1n,
  }));
  return [
    ...(rows(true).length > 0 ? [records.updateStreams(of, rows(true))] : []),
    ...(rows(false).length > 0 ? [records.insertStreams(of, rows(false))] : []),
    records.upsertProgress(of, context.cluster, progress),
    ...batches.flatMap(({ partition }, i) => {
      const parked = results[i]?.parked ?? [];
      return parked.length > 0 ? [records.insertParked(of, partition, parked, context.clock.now())] : [];
    }),
  ];
}

/** The stream of a key whose events bear no version stands where it stood. */
const isChanged = ({ loaded, touched, version, hold, final }: KeyState): boolean =>
  touched && (loaded === undefined || loaded.version !== version || loaded.hold !== hold || loaded.final !== final);

function superseding(of: records.StreamOf, stateByKey: ReadonlyMap<string, KeyState>, clock: Clock): QueryConfig[] {
  const keys = [...stateByKey]
    .filter(([, state]) => state.superseded && state.loaded?.hold != null)
    .map(([key]) => key);
  const fresh = [...stateByKey]
    .filter(([, state]) => state.superseded && state.newlyWaiting.length > 0)
    .map(([key]) => key);
  return keys.length + fresh.length === 0
    ? []
    : [records.supersedeParked(of, [...new Set([...keys, ...fresh])], clock.now())];
}
