import type { QueryConfig, QueryResult } from 'pg';
import type { IdempotencyKey } from '../work.js';
import { arrayLiteral, toJson } from './array-literal.js';
import { idempotencyText } from './queue.js';

/** What was answered under a key, and the fingerprint of what was asked. */
export interface Kept {
  readonly fingerprint: Buffer;
  readonly reply: unknown;
}

interface KeptRow extends Omit<IdempotencyKey, 'fingerprint'> {
  readonly fingerprint: Buffer;
  readonly reply: string;
}

export const selectKept = (keys: readonly IdempotencyKey[]): QueryConfig => ({
  name: 'select idempotency',
  text:
    'SELECT principal, route, key, fingerprint, reply FROM idempotency ' +
    'WHERE key = ANY ($3::text[]) AND (principal, route, key) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))',
  values: texts(keys),
});

export const keptByText = (result: QueryResult<KeptRow> | undefined): Map<string, Kept> =>
  new Map(
    (result?.rows ?? []).map((row) => [
      idempotencyText(row),
      { fingerprint: row.fingerprint, reply: JSON.parse(row.reply) as unknown },
    ]),
  );

/** A plain INSERT: ON CONFLICT would let COMMIT land although another instance has answered under the key. */
export function insertKept(
  kept: readonly { readonly key: IdempotencyKey; readonly reply: unknown }[],
  at: Date,
): QueryConfig {
  const sorted = [...kept].sort((a, b) => (idempotencyText(a.key) < idempotencyText(b.key) ? -1 : 1));
  return {
    name: 'insert idempotency',
    text:
      'INSERT INTO idempotency (principal, route, key, fingerprint, reply, created_at) ' +
      'SELECT *, $6::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[])',
    values: [
      ...texts(sorted.map(({ key }) => key)),
      arrayLiteral(
        'bytea',
        sorted.map(({ key }) => key.fingerprint),
      ),
      arrayLiteral(
        'text',
        sorted.map(({ reply }) => toJson(reply)),
      ),
      at.toISOString(),
    ],
  };
}

const texts = (keys: readonly IdempotencyKey[]): string[] => [
  arrayLiteral(
    'text',
    keys.map(({ principal }) => principal),
  ),
  arrayLiteral(
    'text',
    keys.map(({ route }) => route),
  ),
  arrayLiteral(
    'text',
    keys.map(({ key }) => key),
  ),
];
