import { escapeIdentifier } from 'pg';
import type { ClientBase } from 'pg';
import { completeDetaching, detachAndDrop } from './detach.js';

const hour = 3_600_000;
export const day = 24 * hour;

/** A table partitioned by range of a UUIDv7, that is, by time. */
export interface UuidTable {
  readonly name: string;
  /** How much time one child holds. */
  readonly periodMs: number;
  /** Rows whose id is older may go; without it they stay for ever. */
  readonly keepMs?: number;
  /** Children wanted for the time to come. */
  readonly ahead: number;
}

/** Inbox rows outlive every repeat: twice Kafka's retention and the outbox's. */
export const messagingUuidTables: readonly UuidTable[] = [
  { name: 'attempt', periodMs: day, keepMs: day, ahead: 3 },
  { name: 'inbox', periodMs: 7 * day, keepMs: 28 * day, ahead: 3 },
];

/**
 * Makes the children that are missing between what is kept and what is to come, by the database's clock. The oldest
 * child reaches back to the beginning, so that an id from long ago finds a place.
 */
export async function ensureUuidPartitions(owner: ClientBase, table: UuidTable): Promise<void> {
  const children = await childrenOf(owner, table.name);
  const now = await databaseTime(owner);
  const last = children.at(-1);
  const wanted = floorTo(now, table.periodMs) + (table.ahead + 1) * table.periodMs;
  let from = last?.toMs ?? floorTo(now - (table.keepMs ?? 0), table.periodMs);
  const first = children[0];
  if (first === undefined || first.fromMs !== undefined)
    await attach(owner, table.name, undefined, first?.fromMs ?? from);
  for (; from < wanted; from += table.periodMs) await attach(owner, table.name, from, from + table.periodMs);
}

/** Drops the children in which every id is older than what is kept. */
export async function dropUuidPartitions(owner: ClientBase, table: UuidTable): Promise<void> {
  if (table.keepMs === undefined) return;
  await completeDetaching(owner, table.name);
  const oldest = (await databaseTime(owner)) - table.keepMs;
  const gone = (await childrenOf(owner, table.name)).filter(({ toMs }) => toMs <= oldest);
  if (gone.every(({ fromMs }) => fromMs === undefined)) return;
  for (const { name } of gone) await detachAndDrop(owner, table.name, name);
  await ensureUuidPartitions(owner, table);
}

/** The smallest UUID that a time in ms since the epoch can have. */
export function uuidFloor(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

interface Child {
  readonly name: string;
  /** Undefined: from the beginning. */
  readonly fromMs: number | undefined;
  readonly toMs: number;
}

async function childrenOf(owner: ClientBase, table: string): Promise<readonly Child[]> {
  const { rows } = await owner.query<{ name: string; bounds: string }>(childrenSql, [table]);
  return rows
    .map(({ name, bounds }) => {
      const [from, to] = [...bounds.matchAll(/MINVALUE|'([0-9a-f-]{36})'/g)].map(([, uuid]) => uuid);
      return { name, fromMs: from === undefined ? undefined : msOf(from), toMs: msOf(to ?? '') };
    })
    .sort((a, b) => a.toMs - b.toMs);
}

const childrenSql = `
SELECT c.relname::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1) AND NOT i.inhdetachpending`;

const msOf = (uuid: string): number => Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
const floorTo = (ms: number, period: number): number => Math.floor(ms / period) * period;

async function databaseTime(owner: ClientBase): Promise<number> {
  const { rows } = await owner.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return (rows[0]?.now as Date).getTime();
}

async function attach(owner: ClientBase, table: string, fromMs: number | undefined, toMs: number): Promise<void> {
  const label = fromMs === undefined ? `until_${dateOf(toMs)}` : dateOf(fromMs);
  const child = escapeIdentifier(`${table}_${label}`);
  const from = fromMs === undefined ? 'MINVALUE' : `'${uuidFloor(fromMs)}'`;
  const parent = escapeIdentifier(table);
  // Attached rather than made in place: that would lock the whole table against its writers.
  await owner.query(
    `CREATE TABLE ${child} (LIKE ${parent} INCLUDING DEFAULTS);
     ALTER TABLE ${parent} ATTACH PARTITION ${child} FOR VALUES FROM (${from}) TO ('${uuidFloor(toMs)}')`,
  );
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 13).replaceAll(/[-T]/g, '');
