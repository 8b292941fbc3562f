import type { Clock, Ids, Log, Metrics, Randomness, Span, Timers, Tracing } from '@g-store/runtime';
import { connect, sqlState } from '../database.js';
import type { Row, Table } from '../table.js';
import { DatabaseDown, UnitOfWorkBusy, type UnitOfWork } from '../work.js';
import { commandPlan } from './command-batch.js';
import { causeOf, commitPlan, type CommitContext } from './commit.js';
import { createJobQueue, keysOf, type Job, type Outcome } from './queue.js';
import { createSession, type Session } from './session.js';
import { createSchema } from './transaction.js';

export interface UnitOfWorkOptions {
  readonly databaseUrl: string;
  /** Every table that commands write, guards in the order in which all services' code takes them. */
  readonly tables: readonly Table<Row>[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  /** Called after each COMMIT that may have told events: wakes the relay. */
  readonly onCommit?: () => void;
  /** Batches that may commit side by side. */
  readonly connections?: number;
  readonly maxBatch?: number;
  readonly maxQueue?: number;
  readonly name?: string;
}

/**
 * Commands that arrive while a batch is committing share the next one: under load the cost of a COMMIT is spread over many,
 * at low load a command goes at once. There is no timer.
 */
export async function startUnitOfWork(options: UnitOfWorkOptions): Promise<UnitOfWork & AsyncDisposable> {
  const {
    databaseUrl,
    log,
    metrics,
    onCommit,
    connections = 2,
    maxBatch = 500,
    maxQueue = 10_000,
    name = 'g-store',
  } = options;
  const context: CommitContext = { ...options, schema: createSchema(options.tables) };
  const queue = createJobQueue();
  const idle: Session[] = Array.from({ length: connections }, () =>
    createSession(() => connect(databaseUrl, { applicationName: `${name} commands`, pipeline: true, log })),
  );
  const sessions = [...idle];
  const running = new Set<Promise<void>>();
  const batchSize = metrics.histogram(
    'unit_of_work_batch_size',
    'Commands that shared a transaction',
    [],
    [1, 2, 5, 10, 25, 50, 100, 250, 500],
  );
  let woken = false;
  let closing = false;

  /** After the poll phase, so that requests which arrived together share the first batch already. */
  const wake = (): void => {
    if (woken || idle.length === 0) return;
    woken = true;
    setImmediate(() => {
      woken = false;
      start();
    });
  };

  const start = (): void => {
    while (idle.length > 0 && queue.length > 0) {
      const jobs = queue.take(maxBatch);
      if (jobs.length === 0) return;
      const session = idle.pop() as Session;
      batchSize.observe(jobs.length);
      const span = options.tracing && spanOf(options.tracing, jobs);
      const done = commitJobs(session, context, jobs).then(() => {
        span?.end();
        running.delete(done);
        queue.release(jobs);
        idle.push(session);
        onCommit?.();
        start();
      });
      running.add(done);
    }
  };

  return {
    transact(command, run) {
      if (closing) return Promise.reject(new UnitOfWorkBusy('shutting down'));
      if (queue.length >= maxQueue) return Promise.reject(new UnitOfWorkBusy('too many commands are waiting'));
      return new Promise((resolve, reject) => {
        const settle = (outcome: Outcome): void =>
          'error' in outcome ? reject(outcome.error) : resolve(outcome as never);
        queue.add({ command, run, keys: keysOf(command), settle });
        wake();
      });
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      start();
      while (running.size > 0) await Promise.all(running);
      for (const job of queue.clear()) job.settle({ error: new UnitOfWorkBusy('shutting down') });
      await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
    },
  };
}

/** A transaction serves many traces, so it is on none of them and linked to all. */
const spanOf = (tracing: Tracing, jobs: readonly Job[]): Span =>
  tracing.start('commit', {
    kind: 'internal',
    links: jobs.map(({ command }) => command.cause.traceparent),
    attributes: { 'gstore.commands': jobs.length },
  });

/** Commits the jobs together, or, when data of one of them is at fault, in halves until that one is alone. Always settles every job. */
async function commitJobs(
  session: Session,
  context: CommitContext,
  jobs: readonly Job[],
  seenDuplicate = false,
): Promise<void> {
  let outcomes: readonly Outcome[];
  try {
    outcomes = await commitPlan(session, context, commandPlan(jobs, context.clock));
  } catch (thrown) {
    const error = causeOf(thrown);
    const state = sqlState(error) ?? '';
    if (jobs.length > 1 && /^2[23]/.test(state)) {
      const middle = Math.ceil(jobs.length / 2);
      await commitJobs(session, context, jobs.slice(0, middle));
      return commitJobs(session, context, jobs.slice(middle));
    }
    // Somebody else's row got there first: this time the run sees it and decides on it.
    if (state === '23505' && !seenDuplicate) return commitJobs(session, context, jobs, true);
    if (!(error instanceof DatabaseDown)) context.log.error({ err: error, commands: jobs.length }, 'commands failed');
    for (const job of jobs) job.settle({ error });
    return;
  }
  jobs.forEach((job, i) => job.settle(outcomes[i] as Outcome));
}
