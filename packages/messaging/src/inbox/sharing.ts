import type { Plan } from '../unit-of-work/attempt.js';
import { commitPlan, type CommitContext } from '../unit-of-work/commit.js';
import { joined } from '../unit-of-work/joined.js';
import type { Session } from '../unit-of-work/session.js';
import type { InboxContext } from './apply.js';
import { batchPlan, type BatchResult } from './batch.js';
import type { Heard } from './heard.js';
import { applyBatch } from './ladder.js';

/** A batch of one partition on its way into a transaction. */
export interface Share<W> {
  readonly inbox: InboxContext<W>;
  readonly partition: number;
  readonly heard: readonly Heard[];
  /** Aborted when the partition is taken away. */
  readonly signal: AbortSignal;
  /** Offset of the oldest record of this partition. */
  readonly oldest: () => Promise<bigint>;
  readonly onCommit: (result: BatchResult) => void;
}

export interface SharingOptions {
  readonly context: CommitContext;
  /** Lends a session for as long as `run` takes, to those who ask in their order. */
  readonly use: (run: (session: Session) => Promise<void>) => Promise<void>;
  /** Tries of one message before it is parked. */
  readonly attempts: number;
  /** Messages that one transaction takes at most. */
  readonly most: number;
}

interface Waiting<W> extends Share<W> {
  /** Something in it, or in one that it shared a transaction with, has failed. */
  readonly alone: boolean;
  settle(error?: unknown): void;
}

/**
 * Batches of whatever topics and partitions that wait at the same time share a transaction, so that a commit is paid for
 * once and not for each of them, and a row that several of them change is written once. When it fails, each goes its own
 * way: what is wrong with one is no business of the others.
 */
export function createSharing<W>({ context, use, attempts, most }: SharingOptions) {
  let waiting: Waiting<W>[] = [];
  /** Have not asked for a session yet. */
  let arrived = 0;

  /** After the poll phase, so that what one fetch has brought is there together. */
  const put = (one: Waiting<W>): void => {
    waiting.push(one);
    arrived += 1;
    if (arrived > 1) return;
    setImmediate(() => {
      for (; arrived > 0; arrived -= 1) void use(async (session) => commitAll(session, take()));
    });
  };

  /** The longest waiting, and those that fit beside it; none when others have been taken along before. */
  const take = (): readonly Waiting<W>[] => {
    const [first] = waiting;
    if (first === undefined) return [];
    let room = most - first.heard.length;
    const taken = waiting.filter((one) => {
      if (one === first) return true;
      if (first.alone || one.alone || one.inbox.cluster !== first.inbox.cluster || one.heard.length > room)
        return false;
      room -= one.heard.length;
      return true;
    });
    waiting = waiting.filter((one) => !taken.includes(one));
    return taken;
  };

  const commitAll = async (session: Session, taken: readonly Waiting<W>[]): Promise<void> => {
    const [first, ...others] = taken.filter(({ signal }) => !signal.aborted);
    for (const { signal, settle } of taken) if (signal.aborted) settle(signal.reason);
    if (first === undefined) return;
    if (others.length === 0) return commitAlone(session, first);
    const together = byTopic([first, ...others]);
    let results: readonly (readonly BatchResult[])[];
    try {
      results = await commitPlan(session, context, joined(together.map(planOf)));
    } catch (error) {
      context.log.debug({ err: error, partitions: taken.length }, 'batches that shared a transaction go alone');
      for (const one of together.flat()) put({ ...one, alone: true });
      return;
    }
    together.forEach((batches, i) =>
      batches.forEach(({ onCommit, settle }, j) => {
        onCommit(results[i]?.[j] as BatchResult);
        settle();
      }),
    );
  };

  const commitAlone = (session: Session, { settle, partition, heard, ...one }: Waiting<W>): Promise<void> =>
    applyBatch({ ...one, session, context, attempts }, partition, heard).then(() => settle(), settle);

  return {
    /** Resolves once the batch has committed, whatever had to be parked. @throws the signal's reason when it is taken away */
    commit: (share: Share<W>): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = (error?: unknown): void => (error === undefined ? resolve() : reject(error as Error));
        put({ ...share, alone: false, settle });
      }),
  };
}

/** The topics by name, so that two transactions lock their streams in the same order. */
const byTopic = <W>(shares: readonly Waiting<W>[]): readonly (readonly Waiting<W>[])[] =>
  [...Map.groupBy(shares, ({ inbox }) => inbox.subscriptions.topic.name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, of]) => of);

/** Nothing has failed before the first try. */
const none = new Map<bigint, never>();

const planOf = <W>(shares: readonly Share<W>[]): Plan<readonly BatchResult[]> =>
  batchPlan(
    (shares[0] as Share<W>).inbox,
    shares.map(({ partition, heard }) => ({
      partition,
      heard,
      failures: none,
      giveUp: none,
      oldestExpired: undefined,
    })),
  );
