import { escapeIdentifier } from 'pg';
import type { ClientBase } from 'pg';
import { completeDetaching, detachAndDrop } from './detach.js';
import { outboxChildRows } from './schema.js';

export interface OutboxKeeping {
  /** Rows in a new child; default one million. */
  readonly childRows?: bigint;
  /** Children wanted above the sequence; default 3. */
  readonly ahead?: number;
  /** How long published rows are kept for `republish`; default 7 days. */
  readonly retentionMs?: number;
}

/** Children above the sequence, and the first number for which there is no child. */
export interface OutboxRoom {
  readonly ahead: number;
  readonly end: bigint;
}

/** Makes the children that are missing above the sequence. Without a child every write of the service fails. */
export async function ensureOutboxChildren(owner: ClientBase, keeping: OutboxKeeping = {}): Promise<OutboxRoom> {
  const { childRows = outboxChildRows, ahead = 3 } = keeping;
  const { children, lastSeq } = await roomIn(owner);
  let end = children.at(-1)?.to ?? 0n;
  // Numbers burnt by writes that found no child are gone for good.
  if (end <= lastSeq) end = lastSeq;
  let above = children.filter(({ from }) => from > lastSeq).length;
  for (; above < ahead; above += 1, end += childRows) await attach(owner, end, end + childRows);
  return { ahead: above, end };
}

/** How much room is left, changing nothing. */
export async function outboxRoom(owner: ClientBase): Promise<OutboxRoom> {
  const { children, lastSeq } = await roomIn(owner);
  return { ahead: children.filter(({ from }) => from > lastSeq).length, end: children.at(-1)?.to ?? 0n };
}

/** Drops the oldest children, while every row in them is published for sure and older than the retention. */
export async function dropOutboxChildren(owner: ClientBase, keeping: OutboxKeeping = {}): Promise<number> {
  const { retentionMs = 7 * 86_400_000 } = keeping;
  await completeDetaching(owner, 'outbox');
  const { children, lastSeq } = await roomIn(owner);
  let dropped = 0;
  for (const child of children) {
    if (child.to > lastSeq || !(await isSpent(owner, child, retentionMs))) break;
    await detachAndDrop(owner, 'outbox', child.name);
    dropped += 1;
  }
  return dropped;
}

interface Child {
  readonly name: string;
  readonly from: bigint;
  readonly to: bigint;
}

async function roomIn(owner: ClientBase): Promise<{ children: readonly Child[]; lastSeq: bigint }> {
  const { rows } = await owner.query<{ name: string; bounds: string }>(childrenSql);
  const children = rows.map(({ name, bounds }): Child => {
    const [from, to] = [...bounds.matchAll(/'(\d+)'/g)].map(([, seq]) => BigInt(seq ?? 0));
    return { name, from: from ?? 0n, to: to ?? 0n };
  });
  const { rows: sequence } = await owner.query<{ last: bigint | null }>(lastSeqSql);
  return { children: children.sort((a, b) => Number(a.from - b.from)), lastSeq: sequence[0]?.last ?? 0n };
}

const lastSeqSql = `SELECT pg_sequence_last_value(pg_get_serial_sequence('outbox', 'seq')::regclass) AS last`;

const childrenSql = `
SELECT c.relname::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'outbox'::regclass AND NOT i.inhdetachpending`;

// Attached rather than made in place: that would lock the whole outbox against its writers.
async function attach(owner: ClientBase, from: bigint, to: bigint): Promise<void> {
  const child = escapeIdentifier(`outbox_${from}`);
  await owner.query(`SET lock_timeout = '2s'`);
  await owner.query(
    `CREATE TABLE ${child} (LIKE outbox INCLUDING DEFAULTS);
     ALTER TABLE outbox ATTACH PARTITION ${child} FOR VALUES FROM (${from}) TO (${to})`,
  );
}

async function isSpent(owner: ClientBase, child: Child, retentionMs: number): Promise<boolean> {
  const name = escapeIdentifier(child.name);
  const { rows } = await owner.query<{ old: boolean }>(
    `SELECT coalesce((SELECT created_at FROM ${name} ORDER BY seq DESC LIMIT 1) < ${cutOff}, true) AS old`,
    [retentionMs],
  );
  if (rows[0]?.old !== true) return false;
  await owner.query('BEGIN');
  try {
    await owner.query(`SET LOCAL lock_timeout = '200ms'`);
    // Nobody has written here without having committed yet; and nobody will, the sequence is past it.
    await owner.query(`LOCK TABLE ${name} IN SHARE MODE`);
    const { rows: answers } = await owner.query<{ spent: boolean }>(spentSql(name), [retentionMs]);
    return answers[0]?.spent === true;
  } finally {
    await owner.query('ROLLBACK');
  }
}

const cutOff = `clock_timestamp() - $1 * interval '1 ms'`;

// `p` of the newest tick is the `c` of the last one known to be published.
const spentSql = (child: string): string => `
SELECT NOT EXISTS (
  SELECT FROM ${child} WHERE seq > (SELECT seed_seq FROM outbox_origin)
    AND xid >= (SELECT pg_snapshot_xmin(p) FROM outbox_tick ORDER BY id DESC LIMIT 1)
) AND NOT EXISTS (SELECT FROM ${child} WHERE created_at >= ${cutOff}) AS spent`;
