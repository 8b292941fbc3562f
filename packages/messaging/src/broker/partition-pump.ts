import type { Log, Randomness, Timers } from '@g-store/runtime';
import type { Batch, ReceivedRecord } from '../broker.js';

export interface PumpOptions {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record that is wanted. */
  readonly from: bigint;
  readonly maxBatch: number;
  readonly onBatch: (batch: Batch, signal: AbortSignal) => Promise<void>;
  /** Called after each batch. */
  readonly onHandled: () => void;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
}

/** What one member owes to one partition: batches one after another, each again and again until it is handled. */
export interface PartitionPump {
  /** Offset of the record that is to be enqueued next; any other would leave a gap or come twice. */
  readonly expected: bigint;
  /** Offset after the last record handled. */
  readonly handled: bigint;
  readonly waiting: number;
  readonly highWatermark: bigint;
  /** `next` is the offset after the last record; without records it only moves on. */
  enqueue(records: readonly ReceivedRecord[], next: bigint, highWatermark: bigint): void;
  sawEnd(highWatermark: bigint): void;
  /** While held, no further batch is begun. */
  hold(held: boolean): void;
  /** Aborts the signal, drops what waits, and resolves when the batch in hand has settled. */
  stop(): Promise<void>;
}

const firstPauseMs = 50;
const longestPauseMs = 5_000;

export function createPump(options: PumpOptions): PartitionPump {
  const { topic, partition, from, maxBatch, onBatch, onHandled, log } = options;
  const aborting = new AbortController();
  const { signal } = aborting;
  let queue: ReceivedRecord[] = [];
  let [expected, handled, highWatermark] = [from, from, from];
  let held = false;
  let pumping: Promise<void> | undefined;

  const handle = async (records: readonly ReceivedRecord[]): Promise<void> => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await onBatch({ topic, partition, records, highWatermark }, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn(
          { err: error, topic, partition, offset: String(records[0]?.offset), failures: failures + 1 },
          'a batch could not be handled and comes again',
        );
        await pauseAfter(failures, options, signal);
      }
    }
  };

  const pump = async (): Promise<void> => {
    // Begins in its own turn, so that whoever enqueues is never called back from inside.
    await undefined;
    while (queue.length > 0 && !held && !signal.aborted) {
      const records = queue.splice(0, maxBatch);
      await handle(records);
      if (signal.aborted) break;
      handled = queue[0]?.offset ?? expected;
      onHandled();
    }
    pumping = undefined;
    // Caught up over records that do not exist (compacted, control records): nothing to handle, but handled.
    if (queue.length === 0 && !signal.aborted) handled = expected;
  };

  const start = (): void => {
    if (queue.length > 0 && !held && !signal.aborted) pumping ??= pump();
    else if (queue.length === 0 && !pumping && !signal.aborted) handled = expected;
  };

  return {
    get expected() {
      return expected;
    },
    get handled() {
      return handled;
    },
    get waiting() {
      return queue.length;
    },
    get highWatermark() {
      return highWatermark;
    },
    enqueue(records, next, end) {
      if (signal.aborted) return;
      for (const record of records) queue.push(record);
      expected = next;
      highWatermark = end;
      start();
    },
    sawEnd(end) {
      highWatermark = end;
    },
    hold(on) {
      held = on;
      start();
    },
    async stop() {
      aborting.abort(new Error('the partition is no longer read here'));
      queue = [];
      await pumping;
    },
  };
}

/** Doubles with every failure up to a cap; jittered, so that partitions do not come back in step. */
export async function pauseAfter(
  failures: number,
  { timers, randomness }: Pick<PumpOptions, 'timers' | 'randomness'>,
  signal: AbortSignal,
): Promise<void> {
  const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 16));
  await timers.sleep(longest * (0.5 + randomness.next() / 2), signal).catch(() => {});
}
