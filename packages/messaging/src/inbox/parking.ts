import type { Pool } from 'pg';
import { decode } from '@g-store/contracts';
import type { Row } from '../table.js';
import { causeOf, commitPlan } from '../unit-of-work/commit.js';
import type { Plan } from '../unit-of-work/attempt.js';
import { createSchema } from '../unit-of-work/transaction.js';
import { createSession, type Session } from '../unit-of-work/session.js';
import { connect, isTransient, sqlState } from '../database.js';
import { DatabaseDown } from '../work.js';
import { subscribedTopics, type ConsumerOptions } from './consumer.js';
import { dropPlan, MOST_AT_ONCE, releasePlan, stopPlan, type DecidingOptions } from './deciding.js';
import type { ParkedReason } from './records.js';

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
  /** Null: it came without any. */
  readonly headers: Readonly<Record<string, string>> | null;
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

/**
 * `not there`: no such message. `not waiting`: it has run, or need not run any more. `not first`: an earlier version of its
 * key waits, which would count as applied too and could never run.
 */
export type Dropped = 'dropped' | 'not there' | 'not waiting' | 'not first';

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
  /** Gives a waiting message up: its stream goes on as if it had run without effect. Once more is the same. */
  drop(id: string, reason: string, actor: string): Promise<Dropped>;
  /** How many keys have something waiting, of every topic that is heard. */
  keysByTopic(): Promise<ReadonlyMap<string, number>>;
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
    inbox: { consumer: name, cluster: '', workIn, clock, tracing: options.tracing },
  });
  return {
    ...parking,
    async [Symbol.asyncDispose]() {
      await parking.stop();
      await session[Symbol.asyncDispose]();
    },
  };
}

interface ParkingOptions<W> extends DecidingOptions<W> {
  readonly pool: Pool;
  readonly session: Session;
}

function createParking<W>(options: ParkingOptions<W>): Parking & { stop(): Promise<unknown> } {
  const { consumer, pool, session, context, topics } = options;
  let turn: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** Releases take turns on the one session. */
  const commit = <T>(plan: Plan<T>): Promise<T> => {
    const mine = turn.then(() => {
      if (stopped) throw new DatabaseDown('nothing more is decided about parked messages: the service stops');
      return commitPlan(session, context, plan);
    });
    turn = mine.catch(() => undefined);
    return mine;
  };

  const rows = async <R extends Row>(text: string, values: readonly unknown[]): Promise<readonly R[]> =>
    (await pool.query<R>(text, [...values])).rows;

  return {
    list: ({ topic, key, state = 'waiting', before, limit }) =>
      rows<ParkedMessage>(
        `${SELECT} WHERE consumer = $1 AND state = $2 AND ($3::text IS NULL OR topic = $3) AND ($4::text IS NULL OR key = $4) ` +
          'AND ($5::bigint IS NULL OR id < $5) ORDER BY parked.id DESC LIMIT $6', // `id` alone is the text above
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
      for (let most = MOST_AT_ONCE; ;) {
        try {
          const step = await commit(releasePlan(options, { ...of, actor }, most));
          released += step.released;
          if (step.stopped !== undefined || step.released < most) return { ...step, released };
        } catch (thrown) {
          const error = causeOf(thrown);
          if (sqlState(error) === undefined || isTransient(error)) throw thrown;
          // What the database refuses it refuses of the whole transaction: fewer at once, until it is the first one alone.
          if (most === 1) return { ...(await commit(stopPlan(options, { ...of, actor }, String(error)))), released };
          most = Math.ceil(most / 2);
        }
      }
    },

    async drop(id, reason, actor) {
      const [row] = await rows<{ topic: string; key: string }>(
        'SELECT topic, key FROM parked WHERE consumer = $1 AND id = $2',
        [consumer, id],
      );
      return row === undefined ? 'not there' : commit(dropPlan(options, { ...row, actor }, { id: BigInt(id), reason }));
    },

    async keysByTopic() {
      const counted = await rows<{ topic: string; keys: bigint }>(
        "SELECT topic, count(DISTINCT key) AS keys FROM parked WHERE consumer = $1 AND state = 'waiting' GROUP BY topic",
        [consumer],
      );
      return new Map([
        ...[...topics.keys()].map((topic) => [topic, 0] as const),
        ...counted.map(({ topic, keys }) => [topic, Number(keys)] as const),
      ]);
    },

    async count() {
      const [row] = await rows<{ count: bigint }>(
        "SELECT count(*) FROM parked WHERE consumer = $1 AND state = 'waiting'",
        [consumer],
      );
      return Number(row?.count ?? 0n);
    },

    /** What is under way is finished, and nothing more is begun. */
    stop() {
      stopped = true;
      return turn;
    },
  };
}

const SELECT =
  'SELECT id::text, topic, partition, "offset"::text, key, event_id AS "eventId", version, reason, error, attempts, headers, state, ' +
  'parked_at AS "parkedAt", decided_at AS "decidedAt", decided_by AS "decidedBy", note FROM parked';

function decoded(message: Parameters<typeof decode>[0] | undefined, raw: Buffer): unknown {
  try {
    return message && decode(message, raw);
  } catch {
    return null;
  }
}
