import { escapeIdentifier, escapeLiteral } from 'pg';
import type { ClientBase } from 'pg';

/**
 * Takes a child out of its table and drops it, without ever standing in the way of writers: whoever waits for a lock in
 * PostgreSQL makes everybody behind him wait too, so nothing here waits long. What it leaves half-done, a detach still
 * pending or a table on its own, `completeDetaching` finishes another time.
 */
export async function detachAndDrop(owner: ClientBase, parent: string, child: string): Promise<void> {
  await owner.query(`SET lock_timeout = '2s'`);
  await owner.query(`COMMENT ON TABLE ${escapeIdentifier(child)} IS ${escapeLiteral(markOf(parent))}`);
  await owner.query(`ALTER TABLE ${escapeIdentifier(parent)} DETACH PARTITION ${escapeIdentifier(child)} CONCURRENTLY`);
  await owner.query(`DROP TABLE ${escapeIdentifier(child)}`);
}

export async function completeDetaching(owner: ClientBase, parent: string): Promise<void> {
  await owner.query(`SET lock_timeout = '2s'`);
  const pending = await owner.query<{ name: string }>(pendingSql, [parent]);
  for (const { name } of pending.rows)
    await owner.query(`ALTER TABLE ${escapeIdentifier(parent)} DETACH PARTITION ${escapeIdentifier(name)} FINALIZE`);
  const alone = await owner.query<{ name: string }>(aloneSql, [markOf(parent)]);
  for (const { name } of alone.rows) await owner.query(`DROP TABLE ${escapeIdentifier(name)}`);
}

const markOf = (parent: string): string => `leaves ${parent}: nothing in it is needed`;

const pendingSql = `
SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass($1) AND i.inhdetachpending`;

const aloneSql = `
SELECT c.relname::text AS name FROM pg_class c
WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace
  AND obj_description(c.oid, 'pg_class') = $1`;
