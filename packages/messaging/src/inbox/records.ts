import type { QueryConfig } from 'pg';
import { arrayLiteral } from '../unit-of-work/array-literal.js';

/** The statements of the inbox's own tables (schema/tables.ts). Arrays come sorted by key, so that no two consumers deadlock. */

export type Hold = 'gap' | 'failed' | null;

export interface StreamRow {
  readonly key: string;
  readonly version: number;
  readonly hold: Hold;
  readonly final: boolean;
}

/** PostgreSQL's text has no NUL, and what is parked has to be kept whatever it was. */
export const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');

const storableFields = (fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).map(([name, text]) => [storable(name), storable(text)]));

export interface StreamOf {
  readonly consumer: string;
  readonly topic: string;
}

export type ParkedReason = 'failed' | 'follows' | 'gap' | 'fork' | 'undecodable';

export interface NewParked {
  readonly offset: bigint;
  readonly key: string;
  readonly eventId: string | null;
  readonly version: number | null;
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly reason: ParkedReason;
  readonly error: string;
  readonly attempts: number;
}

export interface WaitingRow {
  readonly id: bigint;
  readonly key: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly eventId: string | null;
  readonly version: number | null;
  readonly raw: Buffer;
  readonly reason: ParkedReason;
  readonly attempts: number;
}

/** Answers with the ids that were not there: what does not come back is a repeat. */
export const insertInbox = (consumer: string, eventIds: readonly string[]): QueryConfig => ({
  name: 'insert inbox',
  text: 'INSERT INTO inbox (consumer, event_id) SELECT $1, e FROM unnest($2::uuid[]) e ON CONFLICT DO NOTHING RETURNING event_id AS "eventId"',
  values: [consumer, arrayLiteral('uuid', [...eventIds].sort())],
});

export const lockStreams = ({ consumer, topic }: StreamOf, keys: readonly string[]): QueryConfig => ({
  name: 'lock streams',
  text: 'SELECT key, version, hold, final FROM stream WHERE consumer = $1 AND topic = $2 AND key = ANY ($3::text[]) ORDER BY key FOR UPDATE',
  values: [consumer, topic, arrayLiteral('text', [...keys].sort())],
});

const streamValues = ({ consumer, topic }: StreamOf, rows: readonly StreamRow[]): unknown[] => [
  consumer,
  topic,
  arrayLiteral(
    'text',
    rows.map((row) => row.key),
  ),
  arrayLiteral(
    'integer',
    rows.map((row) => row.version),
  ),
  arrayLiteral(
    'text',
    rows.map((row) => row.hold),
  ),
  arrayLiteral(
    'boolean',
    rows.map((row) => row.final),
  ),
];

const STREAM_ROWS = 'unnest($3::text[], $4::integer[], $5::text[], $6::boolean[]) AS n(key, version, hold, final)';

export const insertStreams = (of: StreamOf, rows: readonly StreamRow[]): QueryConfig => ({
  name: 'insert streams',
  text: `INSERT INTO stream (consumer, topic, key, version, hold, final) SELECT $1, $2, n.* FROM ${STREAM_ROWS}`,
  values: streamValues(of, rows),
});

export const updateStreams = (of: StreamOf, rows: readonly StreamRow[]): QueryConfig => ({
  name: 'update streams',
  text:
    'WITH u AS (UPDATE stream s SET version = n.version, hold = n.hold, final = n.final ' +
    `FROM ${STREAM_ROWS} WHERE s.consumer = $1 AND s.topic = $2 AND s.key = ANY ($3::text[]) AND s.key = n.key RETURNING 1) ` +
    'SELECT 1 / (count(*) = $7::bigint)::int FROM u',
  values: [...streamValues(of, rows), String(rows.length)],
});

export interface Progress {
  readonly partition: number;
  readonly nextOffset: bigint;
}

export const upsertProgress = (
  { consumer, topic }: StreamOf,
  cluster: string,
  progress: readonly Progress[],
): QueryConfig => {
  const sorted = [...progress].sort((a, b) => a.partition - b.partition);
  return {
    name: 'upsert progress',
    text:
      'INSERT INTO progress (consumer, topic, cluster, partition, next_offset) ' +
      'SELECT $1, $2, $3, n.* FROM unnest($4::integer[], $5::bigint[]) n ' +
      'ON CONFLICT (consumer, topic, partition) DO UPDATE SET cluster = excluded.cluster, next_offset = excluded.next_offset',
    values: [
      consumer,
      topic,
      cluster,
      arrayLiteral(
        'integer',
        sorted.map(({ partition }) => partition),
      ),
      arrayLiteral(
        'bigint',
        sorted.map(({ nextOffset }) => nextOffset),
      ),
    ],
  };
};

/** A repeat of what is parked already parks nothing twice. */
export const insertParked = (
  { consumer, topic }: StreamOf,
  partition: number,
  rows: readonly NewParked[],
  at: Date,
): QueryConfig => ({
  name: 'insert parked',
  text:
    'INSERT INTO parked (consumer, topic, partition, parked_at, "offset", key, event_id, version, raw, headers, reason, error, attempts) ' +
    'SELECT $1, $2, $3::integer, $4::timestamptz, n.* FROM unnest($5::bigint[], $6::text[], $7::uuid[], $8::integer[], $9::bytea[], $10::jsonb[], $11::text[], $12::text[], $13::integer[]) n ' +
    'ON CONFLICT DO NOTHING',
  values: [
    consumer,
    topic,
    String(partition),
    at.toISOString(),
    arrayLiteral(
      'bigint',
      rows.map((row) => row.offset),
    ),
    arrayLiteral(
      'text',
      rows.map((row) => row.key),
    ),
    arrayLiteral(
      'uuid',
      rows.map((row) => row.eventId),
    ),
    arrayLiteral(
      'integer',
      rows.map((row) => row.version),
    ),
    arrayLiteral(
      'bytea',
      rows.map((row) => row.raw),
    ),
    arrayLiteral(
      'jsonb',
      rows.map((row) => row.headers && storableFields(row.headers)),
    ),
    arrayLiteral(
      'text',
      rows.map((row) => row.reason),
    ),
    arrayLiteral(
      'text',
      rows.map((row) => storable(row.error)),
    ),
    arrayLiteral(
      'integer',
      rows.map((row) => row.attempts),
    ),
  ],
});

/** Which of these offsets are parked, or were: bytes without an event id are known by where they lie. */
export const selectParkedOffsets = (
  { consumer, topic }: StreamOf,
  partition: number,
  offsets: readonly bigint[],
): QueryConfig => ({
  name: 'select parked offsets',
  text: 'SELECT "offset" FROM parked WHERE consumer = $1 AND topic = $2 AND partition = $3::integer AND "offset" = ANY ($4::bigint[]) AND event_id IS NULL',
  values: [consumer, topic, String(partition), arrayLiteral('bigint', offsets)],
});

/** What waits of one key, oldest first. The stream row is locked before, so nothing of it moves meanwhile. */
export const selectWaiting = ({ consumer, topic }: StreamOf, key: string, most: number): QueryConfig => ({
  name: 'select waiting',
  text:
    'SELECT id, key, partition, "offset", event_id AS "eventId", version, raw, reason, attempts FROM parked ' +
    "WHERE consumer = $1 AND topic = $2 AND key = $3 AND state = 'waiting' ORDER BY id LIMIT $4::integer",
  values: [consumer, topic, key, String(most)],
});

/** After `lockStreams`: until then it may still be decided. */
export const selectParked = (id: bigint): QueryConfig => ({
  name: 'select parked',
  text: 'SELECT version, state FROM parked WHERE id = $1::bigint',
  values: [String(id)],
});

export interface Decided {
  readonly state: 'released' | 'dropped';
  readonly by: string;
  readonly note: string;
  readonly at: Date;
}

export const decideParked = (ids: readonly bigint[], { state, by, note, at }: Decided): QueryConfig => ({
  name: 'decide parked',
  text:
    'WITH u AS (UPDATE parked SET state = $2, decided_by = $3, note = $4, decided_at = $5::timestamptz ' +
    "WHERE id = ANY ($1::bigint[]) AND state = 'waiting' RETURNING 1) SELECT 1 / (count(*) = $6::bigint)::int FROM u",
  values: [arrayLiteral('bigint', ids), state, by, note, at.toISOString(), String(ids.length)],
});

export const supersedeParked = ({ consumer, topic }: StreamOf, keys: readonly string[], at: Date): QueryConfig => ({
  name: 'supersede parked',
  text:
    "UPDATE parked SET state = 'superseded', note = 'a final event came', decided_at = $4::timestamptz " +
    "WHERE consumer = $1 AND topic = $2 AND key = ANY ($3::text[]) AND state = 'waiting'",
  values: [consumer, topic, arrayLiteral('text', [...keys].sort()), at.toISOString()],
});

export const noteFailure = (id: bigint, error: string): QueryConfig => ({
  name: 'note failure',
  text: "UPDATE parked SET error = $2, attempts = attempts + 1, reason = CASE reason WHEN 'follows' THEN 'failed' ELSE reason END WHERE id = $1::bigint",
  values: [String(id), storable(error)],
});
