import type { QueryConfig, QueryResult } from 'pg';
import type { Plan } from '../unit-of-work/attempt.js';
import type { CommitContext } from '../unit-of-work/commit.js';
import { AttemptFailed } from '../unit-of-work/transaction.js';
import { insertAct } from '../operations-audit.js';
import { apply, recordOf, type InboxContext } from './apply.js';
import { hear, type TopicSubscriptions } from './heard.js';
import type { Dropped, ParkedMessage, Released } from './parking.js';
import * as records from './records.js';
import type { StreamRow, WaitingRow } from './records.js';

/** What operators decide about parked messages, each act one transaction with its trace. */
export interface DecidingOptions<W> {
  readonly consumer: string;
  readonly context: CommitContext;
  readonly topics: ReadonlyMap<string, TopicSubscriptions<W>>;
  readonly inbox: Omit<InboxContext<W>, 'subscriptions'>;
}

export const MOST_AT_ONCE = 500;

/** Whose messages are decided about, and by whom. */
interface Decision {
  readonly topic: string;
  readonly key: string;
  readonly actor: string;
}

/** Locks the stream of the key first, so that a release never races the consumer. */
const lockKey = (consumer: string, { topic, key }: Decision): readonly QueryConfig[] => [
  records.lockStreams({ consumer, topic }, [key]),
  records.selectWaiting({ consumer, topic }, key, MOST_AT_ONCE + 1),
];

const locked = (
  results: readonly QueryResult[],
): { readonly stream: StreamRow | undefined; readonly waiting: readonly WaitingRow[] } => ({
  stream: (results[0] as QueryResult<StreamRow>).rows[0],
  waiting: (results[1] as QueryResult<WaitingRow>).rows,
});

/** The version that is due, wherever it lies (a republish brings versions late), else what has waited longest. */
function takeNext(left: WaitingRow[], applied: number): WaitingRow {
  const due = left.findIndex(({ version }) => version === applied + 1);
  const [row] = left.splice(Math.max(0, due), 1);
  return row as WaitingRow;
}

/** Runs up to so many of what waits of a key, in order, until one throws. */
export function releasePlan<W>(options: DecidingOptions<W>, of: Decision, most: number): Plan<Released> {
  const { consumer, context, topics } = options;
  const subscriptions = topics.get(of.topic);
  return {
    opening: lockKey(consumer, of),
    announced: [],
    behindGuards: [],
    async decide(transaction, { opening }) {
      const at = context.clock.now();
      const { stream, waiting } = locked(opening);
      if (stream === undefined || subscriptions === undefined || waiting.length === 0)
        return { result: { released: 0 }, before: [], after: [] };
      const inbox: InboxContext<W> = { ...options.inbox, subscriptions };
      let { version } = stream;
      let stopped: Released['stopped'];
      const released: bigint[] = [];
      const left = waiting.slice(0, most);
      while (left.length > 0) {
        const row = takeNext(left, version);
        try {
          const { event, fault } = hear(
            subscriptions.topic.message,
            { offset: row.offset, key: Buffer.from(of.key), value: row.raw, timestamp: 0 },
            at.getTime(),
          );
          if (event === undefined) throw new TypeError(fault);
          const { aggregateVersion } = event.meta;
          if (aggregateVersion > version + 1) throw new RangeError(`waits for version ${version + 1}`);
          if (aggregateVersion !== 0 && aggregateVersion <= version)
            throw new RangeError(`version ${aggregateVersion} was applied before; drop this one`);
          await apply(transaction, inbox, event, recordOf(inbox, row.partition, row), row.attempts + 1);
          version = Math.max(version, aggregateVersion);
          released.push(row.id);
        } catch (error) {
          if (error instanceof AttemptFailed) throw error;
          stopped = { id: String(row.id), error: String(error) };
          break;
        }
      }
      const hold = waiting.length > released.length ? stream.hold : null;
      return {
        result: { released: released.length, ...(stopped && { stopped }) },
        before: [records.updateStreams({ consumer, topic: of.topic }, [{ ...stream, version, hold }])],
        after: [
          ...(released.length > 0
            ? [records.decideParked(released, { state: 'released', by: of.actor, note: '', at })]
            : []),
          ...(stopped ? [records.noteFailure(BigInt(stopped.id), stopped.error)] : []),
          insertAct(context, { ...releaseOf(of, released.length), outcome: stopped ? 'stopped' : 'done' }),
        ],
      };
    },
  };
}

const releaseOf = ({ topic, key, actor }: Decision, released: number) => ({
  actor,
  action: 'parked.release',
  subject: `${topic}/${key}`,
  detail: `${released} released`,
});

/** Notes that the first of what waits of a key was refused by the database, which left nothing of the release behind. */
export function stopPlan<W>({ consumer, context }: DecidingOptions<W>, of: Decision, error: string): Plan<Released> {
  return {
    opening: lockKey(consumer, of),
    announced: [],
    behindGuards: [],
    async decide(_transaction, { opening }) {
      const { stream, waiting } = locked(opening);
      if (stream === undefined || waiting.length === 0) return { result: { released: 0 }, before: [], after: [] };
      const { id } = takeNext([...waiting], stream.version);
      return {
        result: { released: 0, stopped: { id: String(id), error } },
        before: [],
        after: [records.noteFailure(id, error), insertAct(context, { ...releaseOf(of, 0), outcome: 'stopped' })],
      };
    },
  };
}

/** Moves the stream of a key past a message that waits. */
export function dropPlan<W>(
  { consumer, context }: DecidingOptions<W>,
  of: Decision,
  { id, reason }: { readonly id: bigint; readonly reason: string },
): Plan<Dropped> {
  return {
    opening: [...lockKey(consumer, of), records.selectParked(id)],
    announced: [],
    behindGuards: [],
    async decide(_transaction, { opening }) {
      const { stream, waiting } = locked(opening);
      const row = (opening[2] as QueryResult<{ version: number | null; state: ParkedMessage['state'] }>).rows[0];
      if (row?.state === 'dropped') return { result: 'dropped', before: [], after: [] };
      if (stream === undefined || row?.state !== 'waiting') return { result: 'not waiting', before: [], after: [] };
      const version = Math.max(stream.version, row.version ?? 0);
      const act = { actor: of.actor, action: 'parked.drop', subject: String(id), detail: reason };
      if (waiting.some((one) => one.version !== null && one.version > stream.version && one.version < version))
        return { result: 'not first', before: [], after: [insertAct(context, { ...act, outcome: 'refused' })] };
      const hold = waiting.length > 1 ? stream.hold : null;
      return {
        result: 'dropped',
        before: [records.updateStreams({ consumer, topic: of.topic }, [{ ...stream, version, hold }])],
        after: [
          records.decideParked([id], { state: 'dropped', by: of.actor, note: reason, at: context.clock.now() }),
          insertAct(context, { ...act, outcome: 'done' }),
        ],
      };
    },
  };
}
