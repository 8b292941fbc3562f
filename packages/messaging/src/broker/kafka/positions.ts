import type { Log, Randomness, Timers } from '@g-store/runtime';
import { partitionKey, type TopicPartition } from '../../broker.js';
import { pauseAfter } from '../partition-pump.js';
import type { Ends, Questions } from './questions.js';

export interface PositionOptions {
  readonly questions: Questions;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
}

export type EndsByPartition = ReadonlyMap<string, Ends>;

export async function endsOf(questions: Questions, topics: Iterable<string>): Promise<EndsByPartition> {
  const found = await Promise.all(
    [...new Set(topics)].map(async (topic) => [topic, await questions.ends(topic)] as const),
  );
  return new Map(
    found.flatMap(([topic, ends]) =>
      [...ends].map(([partition, each]) => [partitionKey(topic, partition), each] as const),
    ),
  );
}

/**
 * Where to go on reading: at the position kept, or at the earliest record when there is none or it lies outside of what
 * the partition holds (deleted by age, a log cut short, a topic made anew). Asks until it knows; `undefined` when aborted.
 */
export async function whereToRead(
  owned: readonly TopicPartition[],
  kept: () => Promise<ReadonlyMap<string, bigint>>,
  options: PositionOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, { readonly from: bigint; readonly high: bigint }> | undefined> {
  const keys = owned.map(({ topic, partition }) => partitionKey(topic, partition));
  for (let [failures, doubts] = [0, 0]; !signal.aborted;) {
    try {
      const [positions, ends] = await Promise.all([
        kept(),
        endsOf(
          options.questions,
          owned.map(({ topic }) => topic),
        ),
      ]);
      const missing = keys.find((key) => !ends.has(key));
      if (missing !== undefined) throw new Error(`nothing is known of ${missing}`);
      const outside = keys.filter((key) => isOutside(positions.get(key), ends.get(key)));
      // A leader just elected may not know yet how far its partition reaches.
      if (outside.length === 0 || ++doubts > doubtsBeforeEarliest) {
        if (outside.length > 0)
          options.log.warn({ outside }, 'positions lie outside of what Kafka holds: reading from the earliest');
        return new Map(keys.map((key) => [key, start(positions.get(key), ends.get(key))]));
      }
    } catch (error) {
      options.log.warn({ err: error }, 'the positions to read from are not known yet');
      failures += 1;
    }
    await pauseAfter(failures + 2 * doubts, options, signal);
  }
  return undefined;
}

const doubtsBeforeEarliest = 2;

const isOutside = (position: bigint | undefined, ends: Ends | undefined): boolean =>
  position !== undefined && ends !== undefined && (position < ends.low || position > ends.high);

function start(position: bigint | undefined, ends: Ends | undefined): { readonly from: bigint; readonly high: bigint } {
  const { low, high } = ends ?? { low: 0n, high: 0n };
  return { from: position === undefined || isOutside(position, ends) ? low : position, high };
}
