import type { Writable } from 'node:stream';
import type { Client, QueryConfig, QueryResult } from 'pg';
import { failpoint, type Clock, type Ids } from '@g-store/runtime';
import type { Announced } from '../table.js';
import { createTransaction, type Schema, type Send, type Transaction } from './transaction.js';

/** What one transaction does, apart from what every one does. Asked anew for each attempt, so it must hold no state between two. */
export interface Plan<Result> {
  /** Sent right after BEGIN, before any guard is locked. */
  readonly opening: readonly QueryConfig[];
  readonly announced: readonly Announced[];
  /** Reads that must not be older than the locks: sent behind them. */
  readonly behindGuards: readonly QueryConfig[];
  /** Decides; everything recorded in the transaction is written afterwards. */
  decide(
    transaction: Transaction,
    read: { readonly opening: readonly QueryResult[]; readonly behindGuards: readonly QueryResult[] },
  ): Promise<Decision<Result>>;
}

export interface Decision<Result> {
  readonly result: Result;
  /** Written before the tables of the service. */
  readonly before: readonly QueryConfig[];
  /** Written after them, before the outbox. */
  readonly after: readonly QueryConfig[];
}

export interface AttemptContext {
  readonly schema: Schema;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** COMMIT was sent and no answer came: it may have happened or not. `result` is what to answer if it has. */
export class CommitUnknown<Result> extends Error {
  override readonly name = 'CommitUnknown';
  constructor(
    readonly result: Result,
    options: ErrorOptions,
  ) {
    super('the answer to COMMIT was lost', options);
  }
}

/** The earlier attempt under this id has committed after all. */
export class CommittedBefore extends Error {
  override readonly name = 'CommittedBefore';
}

/**
 * One attempt, in two round trips: BEGIN and all reads; then all writes and COMMIT.
 *
 * COMMIT is in the pipe before the writes have answered, so each write has to fail by itself when it does less than it
 * should. On any other failure than that of the connection the transaction is rolled back when this throws.
 * @throws CommittedBefore when `id` is already there; CommitUnknown when the connection was lost during the second round trip
 */
export async function runAttempt<Result>(
  client: Client,
  id: string,
  context: AttemptContext,
  plan: Plan<Result>,
  isLost: (error: unknown) => boolean,
): Promise<Result> {
  const send: Send = (statements) => sendAll(client, statements);
  const transaction = createTransaction(context.schema, send, context);
  let decision: Decision<Result>;
  try {
    decision = await readAndDecide(send, id, transaction, plan);
  } catch (error) {
    // Otherwise what this attempt has written would leak into the next COMMIT on the connection.
    await client.query('ROLLBACK');
    throw error;
  }
  const writes = [
    ...decision.before,
    ...transaction.tableWrites(),
    ...decision.after,
    ...transaction.outboxWrites(),
    COMMIT,
  ];
  await failpoint('work-before-commit');
  try {
    await send(writes);
  } catch (error) {
    // PostgreSQL has answered COMMIT with ROLLBACK, unless the connection is gone: then nobody knows.
    throw isLost(error) ? new CommitUnknown(decision.result, { cause: error }) : error;
  }
  await failpoint('work-after-commit');
  return decision.result;
}

async function readAndDecide<Result>(
  send: Send,
  id: string,
  transaction: Transaction,
  plan: Plan<Result>,
): Promise<Decision<Result>> {
  const prefetch = transaction.prefetch(plan.announced);
  const reads = [BEGIN, attemptInsert(id), ...plan.opening, ...prefetch.statements, ...plan.behindGuards];
  const results = await send(reads);
  if (results[1]?.rowCount === 0) throw new CommittedBefore('this attempt has committed already');
  const guardsAt = 2 + plan.opening.length;
  const behindAt = guardsAt + prefetch.statements.length;
  prefetch.take(results.slice(guardsAt, behindAt));
  return plan.decide(transaction, { opening: results.slice(2, guardsAt), behindGuards: results.slice(behindAt) });
}

const BEGIN: QueryConfig = { name: 'begin', text: 'BEGIN ISOLATION LEVEL READ COMMITTED' };
const COMMIT: QueryConfig = { name: 'commit', text: 'COMMIT' };

const attemptInsert = (id: string): QueryConfig => ({
  name: 'insert attempt',
  text: 'INSERT INTO attempt (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id',
  values: [id],
});

/** All statements go out at once; every answer is awaited, so that none is left to surprise the next user of the connection. */
async function sendAll(client: Client, statements: readonly QueryConfig[]): Promise<readonly QueryResult[]> {
  // Corked, so that they leave in one write: each write is a system call, and wakes the server for one statement.
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  let asked;
  try {
    asked = statements.map((statement) => client.query(statement));
  } finally {
    stream.uncork();
  }
  const answers = await Promise.allSettled(asked);
  const results: QueryResult[] = [];
  for (const [i, answer] of answers.entries()) {
    if (answer.status === 'rejected') throw answer.reason;
    if (statements[i] === COMMIT && answer.value.command !== 'COMMIT')
      throw new Error(`COMMIT was answered with ${answer.value.command}`);
    results.push(answer.value);
  }
  return results;
}
