import type { Pool, QueryConfig, QueryResult } from 'pg';
import { decode } from '@g-store/contracts';
import type { Row } from '../table.js';
import { commitPlan, type CommitContext } from '../unit-of-work/commit.js';
import type { Plan } from '../unit-of-work/attempt.js';
import { AttemptFailed, createSchema } from '../unit-of-work/transaction.js';
import { createSession, type Session } from '../unit-of-work/session.js';
import { connect } from '../database.js';
import { apply, recordOf, type InboxContext } from './apply.js';
import { subscribedTopics, type ConsumerOptions } from './consumer.js';
import { hear, type TopicSubscriptions } from './heard.js';
import * as records from './records.js';
import type { ParkedReason, StreamRow, WaitingRow } from './records.js';

export interface ParkedMessage {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly eventId: string | null;
  readonly version: number | null;
  readonly reason: ParkedReason;
  readonly error: string;
  readonly attempts: number;
  readonly state: 'waiting' | 'superseded' | 'released' | 'dropped';
  readonly parkedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly note: string | null;
}

/** What a release did with one key: how many ran, and what stopped it, if anything. */
export interface Released {
  readonly released: number;
  readonly stopped?: { readonly id: string; readonly error: string };
}

/** `not first`: an earlier version of its key waits, which would count as applied too and could never run. */
export type Dropped = 'dropped' | 'not waiting' | 'not first';

export interface Parking {
  /** Newest first; `before` is the id of the last one of the page before. */
  list(filter: {
    readonly topic?: string;
    readonly key?: string;
    readonly state?: string;
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly ParkedMessage[]>;
  show(id: string): Promise<(ParkedMessage & { readonly raw: Buffer; readonly decoded: unknown }) | undefined>;
  /** The keys that have something waiting, the longest waiting first. */
  waitingKeys(filter: {
    readonly topic?: string;
    readonly key?: string;
    readonly limit: number;
  }): Promise<readonly { readonly topic: string; readonly key: string }[]>;
  /** Runs what waits of a key, in order, until something fails again; what ran has committed. */
  release(of: { readonly topic: string; readonly key: string }, actor: string): Promise<Released>;
  /** Gives a waiting message up: its stream goes on as if it had run without effect. */
  drop(id: string, reason: string, actor: string): Promise<Dropped>;
  /** How many wait. */
  count(): Promise<number>;
}

/** What operators do to the messages that a consumer has parked. */
export function createParkingFor<W>(options: ConsumerOptions<W>, pool: Pool): Parking & AsyncDisposable {
  const { name, databaseUrl, log, clock, workIn, subscriptions, tables } = options;
  const session = createSession(() =>
    connect(databaseUrl, { applicationName: `${name} parking`, pipeline: true, log }),
  );
  const parking = createParking({
    consumer: name,
    pool,
    session,
    context: { ...options, schema: createSchema(tables) },
    topics: subscribedTopics(subscriptions),
    inbox: { consumer: name, cluster: '', workIn, clock },
  });
  return { ...parking, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
}

interface ParkingOptions<W> {
  readonly consumer: string;
  readonly pool: Pool;
  readonly session: Session;
  readonly context: CommitContext;
  readonly topics: ReadonlyMap<string, TopicSubscriptions<W>>;
  readonly inbox: Omit<InboxContext<W>, 'subscriptions'>;
}

const MOST_AT_ONCE = 500;

function createParking<W>(options: ParkingOptions<W>): Parking {
  const { consumer, pool, session, context, topics } = options;
  let turn: Promise<unknown> = Promise.resolve();

  /** Releases take turns on the one session. */
  const commit = <T>(plan: Plan<T>): Promise<T> => {
    const mine = turn.then(() => commitPlan(session, context, plan));
    turn = mine.catch(() => undefined);
    return mine;
  };

  const rows = async <R extends Row>(text: string, values: readonly unknown[]): Promise<readonly R[]> =>
    (await pool.query<R>(text, [...values])).rows;

  return {
    list: ({ topic, key, state = 'waiting', before, limit }) =>
      rows<ParkedMessage>(
        `${SELECT} WHERE consumer = $1 AND state = $2 AND ($3::text IS NULL OR topic = $3) AND ($4::text IS NULL OR key = $4) ` +
          'AND ($5::bigint IS NULL OR id < $5) ORDER BY id DESC LIMIT $6',
        [consumer, state, topic ?? null, key ?? null, before ?? null, limit],
      ),

    async show(id) {
      const [row] = await rows<ParkedMessage & { raw: Buffer }>(
        `${SELECT.replace(' FROM', ', raw FROM')} WHERE consumer = $1 AND id = $2`,
        [consumer, id],
      );
      return row && { ...row, decoded: decoded(topics.get(row.topic)?.topic.message, row.raw) };
    },

    waitingKeys: ({ topic, key, limit }) =>
      rows(
        "SELECT topic, key FROM parked WHERE consumer = $1 AND state = 'waiting' AND ($2::text IS NULL OR topic = $2) " +
          'AND ($3::text IS NULL OR key = $3) GROUP BY topic, key ORDER BY min(id) LIMIT $4',
        [consumer, topic ?? null, key ?? null, limit],
      ),

    async release(of, actor) {
      let released = 0;
      for (;;) {
        const step = await commit(releasePlan(options, of, actor));
        released += step.released;
        if (step.stopped !== undefined || step.released < MOST_AT_ONCE) return { ...step, released };
      }
    },

    async drop(id, reason, actor) {
      const [row] = await rows<{ topic: string; key: string }>(
        "SELECT topic, key FROM parked WHERE consumer = $1 AND id = $2 AND state = 'waiting'",
        [consumer, id],
      );
      return row === undefined ? 'not waiting' : commit(dropPlan(options, row, BigInt(id), reason, actor));
    },

    async count() {
      const [row] = await rows<{ count: bigint }>(
        "SELECT count(*) FROM parked WHERE consumer = $1 AND state = 'waiting'",
        [consumer],
      );
      return Number(row?.count ?? 0n);
    },
  };
}

const SELECT =
  'SELECT id::text, topic, partition, "offset"::text, key, event_id AS "eventId", version, reason, error, attempts, state, ' +
  'parked_at AS "parkedAt", decided_at AS "decidedAt", decided_by AS "decidedBy", note FROM parked';

function decoded(message: Parameters<typeof decode>[0] | undefined, raw: Buffer): unknown {
  try {
    return message && decode(message, raw);
  } catch {
    return null;
  }
}

interface KeyOfTopic {
  readonly topic: string;
  readonly key: string;
}

/** Locks the stream of the key first, so that a release never races the consumer. */
const lockKey = (consumer: string, { topic, key }: KeyOfTopic): readonly QueryConfig[] => [
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

function releasePlan<W>(options: ParkingOptions<W>, of: KeyOfTopic, actor: string): Plan<Released> {
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
      const left = waiting.slice(0, MOST_AT_ONCE);
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
          await apply(transaction, inbox, event, recordOf(inbox, row.partition, row));
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
            ? [records.decideParked(released, { state: 'released', by: actor, note: '', at })]
            : []),
          ...(stopped ? [records.noteFailure(BigInt(stopped.id), stopped.error)] : []),
          audit(context, actor, 'parked.release', `${of.topic}/${of.key}`, `${released.length} released`),
        ],
      };
    },
  };
}

function dropPlan<W>(
  { consumer, context }: ParkingOptions<W>,
  of: KeyOfTopic,
  id: bigint,
  reason: string,
  actor: string,
): Plan<Dropped> {
  return {
    opening: lockKey(consumer, of),
    announced: [],
    behindGuards: [],
    async decide(_transaction, { opening }) {
      const { stream, waiting } = locked(opening);
      const row = waiting.find((one) => one.id === id);
      if (stream === undefined || row === undefined) return { result: 'not waiting', before: [], after: [] };
      const version = Math.max(stream.version, row.version ?? 0);
      if (waiting.some((one) => one.version !== null && one.version > stream.version && one.version < version))
        return { result: 'not first', before: [], after: [] };
      const hold = waiting.length > 1 ? stream.hold : null;
      return {
        result: 'dropped',
        before: [records.updateStreams({ consumer, topic: of.topic }, [{ ...stream, version, hold }])],
        after: [
          records.decideParked([id], { state: 'dropped', by: actor, note: reason, at: context.clock.now() }),
          audit(context, actor, 'parked.drop', String(id), reason),
        ],
      };
    },
  };
}

const audit = (
  { ids, clock }: CommitContext,
  actor: string,
  action: string,
  subject: string,
  detail: string,
): QueryConfig => ({
  name: 'insert operations audit',
  text: 'INSERT INTO operations_audit (id, at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)',
  values: [ids.next(), clock.now().toISOString(), actor, action, subject, detail],
});
