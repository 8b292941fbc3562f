import type { Client } from 'pg';
import type { Health, Log, Timers } from '@g-store/runtime';
import { connect, sqlState } from '../database.js';
import { dropOutboxChildren, ensureOutboxChildren, outboxRoom } from './children.js';
import type { OutboxKeeping } from './children.js';
import { dropUuidPartitions, ensureUuidPartitions, messagingUuidTables } from './uuid-partitions.js';
import type { UuidTable } from './uuid-partitions.js';

/** One thing to keep in order now and then, as the owner of the tables. */
export interface UpkeepTask {
  readonly name: string;
  readonly run: (owner: Client) => Promise<void>;
}

export interface UpkeepOptions {
  readonly ownerUrl: string;
  readonly tasks: readonly UpkeepTask[];
  readonly timers: Timers;
  readonly log: Log;
  readonly everyMs?: number;
}

export interface Upkeep extends AsyncDisposable {
  /** Runs soon instead of at the next turn. */
  wake(): void;
}

/** Runs the tasks one after another, at once and then every minute; of several instances one at a time does. */
export function startUpkeep({ ownerUrl, tasks, timers, log, everyMs = 60_000 }: UpkeepOptions): Upkeep {
  let stopped = false;
  let woken = false;
  let next: Disposable | undefined;
  let running: Promise<void> = Promise.resolve();
  let owner: Client | undefined;
  const turn = (): void => {
    next = undefined;
    woken = false;
    const onOpen = (opened: Client): void => void (owner = opened);
    running = runTasks({ ownerUrl, tasks, log, onOpen, goesOn: () => !stopped }).finally(() => {
      if (!stopped) next = timers.after(woken ? 1_000 : everyMs, turn);
    });
  };
  turn();
  return {
    wake() {
      if (stopped || woken) return;
      woken = true;
      if (next === undefined) return;
      next[Symbol.dispose]();
      turn();
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      next?.[Symbol.dispose]();
      // What is half-done now is completed another time: stopping waits for no lock.
      await owner?.end().catch(() => undefined);
      await running;
    },
  };
}

interface Turn extends Pick<UpkeepOptions, 'ownerUrl' | 'tasks' | 'log'> {
  readonly onOpen: (owner: Client) => void;
  readonly goesOn: () => boolean;
}

async function runTasks({ ownerUrl, tasks, log, onOpen, goesOn }: Turn): Promise<void> {
  try {
    const owner = await connect(ownerUrl, { applicationName: 'upkeep', log });
    onOpen(owner);
    try {
      const { rows } = await owner.query<{ mine: boolean }>(upkeepLockSql, [upkeepLock]);
      if (rows[0]?.mine === true) for (const task of tasks) if (goesOn()) await runTask(task, owner, log, goesOn);
    } finally {
      await owner.end();
    }
  } catch (error) {
    if (goesOn()) log.warn({ err: error }, 'upkeep found no database');
  }
}

async function runTask({ name, run }: UpkeepTask, owner: Client, log: Log, goesOn: () => boolean): Promise<void> {
  try {
    await run(owner);
  } catch (error) {
    if (!goesOn()) return;
    // A lock that was not free in time; there is another turn.
    if (sqlState(error) === '55P03') log.debug({ task: name }, 'upkeep waits for its turn');
    else log.error({ err: error, task: name }, 'upkeep failed');
  }
}

const upkeepLock = 7_203_415_821n;
// Several services may share a database, each in a schema of its own: one does not keep another from its turn.
const upkeepLockSql = 'SELECT pg_try_advisory_lock($1::bigint # hashtext(current_schema())) AS mine';

/** Keeps room in the outbox and drops what was published long ago. */
export const outboxUpkeep = (
  keeping: OutboxKeeping,
  { health, onRoom }: { readonly health?: Pick<Health, 'report'>; readonly onRoom?: (end: bigint) => void } = {},
): readonly UpkeepTask[] => [
  {
    name: 'outbox: children ahead',
    async run(owner) {
      try {
        await ensureOutboxChildren(owner, keeping);
      } finally {
        const { ahead, end } = await outboxRoom(owner);
        health?.report('outbox', ahead >= 1 ? { ok: true } : { ok: false, detail: 'no child ahead: writes will fail' });
        onRoom?.(end);
      }
    },
  },
  { name: 'outbox: old children', run: async (owner) => void (await dropOutboxChildren(owner, keeping)) },
  { name: 'outbox: old ticks', run: (owner) => deleteInBatches(owner, oldTicksSql) },
];

/** Keeps room in a table partitioned by UUIDv7 and drops what is too old. */
export const uuidTableUpkeep = (table: UuidTable): readonly UpkeepTask[] => [
  { name: `${table.name}: children ahead`, run: (owner) => ensureUuidPartitions(owner, table) },
  { name: `${table.name}: old children`, run: (owner) => dropUuidPartitions(owner, table) },
];

/** What every service needs beside its outbox. */
export const messagingUpkeep: readonly UpkeepTask[] = [
  ...messagingUuidTables.flatMap(uuidTableUpkeep),
  {
    name: 'idempotency: old keys',
    run: (owner) =>
      deleteInBatches(
        owner,
        `DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM idempotency WHERE created_at < clock_timestamp() - interval '25 hours' LIMIT 1000))`,
      ),
  },
];

/** Repeats a statement that deletes at most a thousand rows until it finds fewer. */
export async function deleteInBatches(owner: Client, sql: string): Promise<void> {
  while (((await owner.query(sql)).rowCount ?? 0) >= 1_000);
}

const oldTicksSql = `
DELETE FROM outbox_tick WHERE id IN (
  SELECT id FROM outbox_tick
  WHERE id < (SELECT done FROM outbox_tick ORDER BY id DESC LIMIT 1) AND at < clock_timestamp() - interval '1 hour'
  ORDER BY id LIMIT 1000)`;
