import { escapeIdentifier } from 'pg';
import knex from 'knex';
import type { Knex } from 'knex';
import { connect } from './database.js';
import { ensureUuidPartitions, messagingUuidTables, type UuidTable } from './outbox/uuid-partitions.js';
import { outboxSql } from './outbox/schema.js';
import { operationsSql, tablesSql } from './schema/tables.js';

/** One step forward; there is no way back. `:app` in the SQL stands for the role that the service runs as. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** Tables of it that are divided by time: a write that comes before any upkeep needs a child to go to. */
  readonly divided?: readonly UuidTable[];
}

export interface MigrateOptions {
  /** The role that owns the tables. */
  readonly ownerUrl: string;
  readonly appRole: string;
  /** The service's own; messaging's come first. A migration that has run keeps its name for ever. */
  readonly migrations: readonly Migration[];
}

export const messagingMigrations: readonly Migration[] = [
  { name: 'messaging-001-outbox', sql: outboxSql },
  { name: 'messaging-002-tables', sql: tablesSql },
  { name: 'messaging-003-operations', sql: operationsSql },
];

/** Brings a database up to date. Two at once take turns; one that was killed half-way is completed by the next. */
export async function migrate({ ownerUrl, appRole, migrations }: MigrateOptions): Promise<void> {
  const turn = await connect(ownerUrl, { applicationName: 'migrate', statementTimeoutMs: 0 });
  try {
    await turn.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await runPending(ownerUrl, [...messagingMigrations, ...migrations], escapeIdentifier(appRole));
    const divided = [...messagingUuidTables, ...migrations.flatMap((migration) => migration.divided ?? [])];
    for (const table of divided) await ensureUuidPartitions(turn, table);
  } finally {
    await turn.end();
  }
}

const migrationLock = 7_203_415_820n;

// What goes wrong is thrown; told by whoever called.
const silent = { warn: nothing, error: nothing, debug: nothing, deprecate: nothing };
function nothing(): void {}

async function runPending(ownerUrl: string, migrations: readonly Migration[], appRole: string): Promise<void> {
  const database = knex({ client: 'pg', connection: ownerUrl, pool: { min: 0, max: 2 }, log: silent });
  const migrationSource: Knex.MigrationSource<Migration> = {
    getMigrations: async () => [...migrations],
    getMigrationName: ({ name }) => name,
    getMigration: async ({ sql }) => ({
      up: (transaction) => transaction.raw(toRaw(sql, appRole)),
      down: async () => undefined,
    }),
  };
  try {
    // knex keeps its own lock in a row, which a killed run leaves locked; the advisory lock goes with its session.
    await database.migrate.forceFreeMigrationsLock({ migrationSource });
    await database.migrate.latest({ migrationSource });
  } finally {
    await database.destroy();
  }
}

// A question mark would be knex's placeholder for a parameter.
const toRaw = (sql: string, appRole: string): string =>
  sql.replaceAll(/(?<![:\w]):app\b/g, () => appRole).replaceAll('?', '\\?');
