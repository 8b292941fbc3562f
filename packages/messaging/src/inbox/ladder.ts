import { isTransient, sqlState } from '../database.js';
import { DatabaseDown } from '../work.js';
import { causeOf, commitPlan, type CommitContext } from '../unit-of-work/commit.js';
import type { Session } from '../unit-of-work/session.js';
import type { InboxContext } from './apply.js';
import { HandlerFailed, batchPlan, type BatchResult } from './batch.js';
import type { Heard } from './heard.js';
import { AskWhetherOldestExpired, type InboxBatch } from './key-state.js';

export interface LadderContext<W> {
  readonly session: Session;
  readonly context: CommitContext;
  readonly inbox: InboxContext<W>;
  /** Tries of one message before it is parked. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** Offset of the oldest record of this partition. */
  readonly oldest: () => Promise<bigint>;
  readonly onCommit: (result: BatchResult) => void;
}

/**
 * Applies a batch whatever happens: a passing fault is waited out; a message that fails again and again is parked, with
 * what follows it of its key, and the others take effect without it.
 * @throws the signal's reason when the partition is taken away meanwhile
 */
export async function applyBatch<W>(
  ladder: LadderContext<W>,
  partition: number,
  heard: readonly Heard[],
): Promise<void> {
  const { context, inbox, signal, attempts } = ladder;
  const giveUp = new Map<bigint, { readonly error: string; readonly attempts: number }>();
  const failures = new Map<bigint, number>();
  let oldestExpired: boolean | undefined;

  /** True when this message has had its last try. */
  const failed = (offset: bigint, error: unknown): void => {
    const tries = (failures.get(offset) ?? 0) + 1;
    failures.set(offset, tries);
    context.log.warn(
      { err: error, topic: inbox.subscriptions.topic.name, partition, offset: String(offset), tries },
      'a message failed',
    );
    if (tries >= attempts) giveUp.set(offset, { error: messageOf(error), attempts: tries });
  };

  const commit = async (part: readonly Heard[], passing = 0): Promise<void> => {
    signal.throwIfAborted();
    const batch: InboxBatch = { partition, heard: part, failures, giveUp, oldestExpired };
    try {
      const [result] = await commitPlan(ladder.session, context, batchPlan(inbox, [batch]));
      ladder.onCommit(result as BatchResult);
      return;
    } catch (thrown) {
      const error = causeOf(thrown);
      if (error instanceof AskWhetherOldestExpired) {
        oldestExpired = (await ladder.oldest()) > 0n;
        return commit(part);
      }
      if (error instanceof HandlerFailed) {
        failed(error.offset, error.cause);
        await pause(failures.get(error.offset) ?? 1);
        return commit(part);
      }
      if (error instanceof DatabaseDown || isTransient(error) || sqlState(error) === undefined) {
        context.log.warn(
          { err: error, topic: inbox.subscriptions.topic.name, partition },
          'a batch waits for its database',
        );
        await pause(passing + 1);
        return commit(part, passing + 1);
      }
      if (part.length > 1) {
        const middle = Math.ceil(part.length / 2);
        await commit(part.slice(0, middle));
        return commit(part.slice(middle));
      }
      const [culprit] = part as readonly [Heard];
      failed(culprit.offset, error);
      await pause(failures.get(culprit.offset) ?? 1);
      return commit(part);
    }
  };

  /** Full jitter, doubling from 50 ms, at most 5 s. */
  const pause = (tries: number): Promise<void> =>
    context.timers.sleep(context.randomness.next() * Math.min(5_000, 25 * 2 ** tries), signal);

  await commit(heard);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
