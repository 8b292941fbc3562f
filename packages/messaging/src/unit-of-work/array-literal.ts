import type { ColumnType } from '../table.js';

/**
 * A PostgreSQL array literal of one column's values, to be sent as one text parameter and cast (`$1::uuid[]`).
 * Written here because pg's own takes JSON arrays for nested PostgreSQL arrays and formats dates in local time.
 */
export function arrayLiteral(type: ColumnType, values: readonly unknown[]): string {
  const write = writers[type];
  // Joined at once: a text that grows value by value is a chain of pieces until it is sent.
  return `{${values.map((value) => (value === null || value === undefined ? 'NULL' : write(value))).join(',')}}`;
}

const special = /[\\"]/;

const quoted = (text: string): string => `"${special.test(text) ? text.replace(/[\\"]/g, '\\$&') : text}"`;

const writers: Readonly<Record<ColumnType, (value: unknown) => string>> = {
  uuid: String,
  bigint: String,
  integer: String,
  smallint: String,
  boolean: String,
  text: (value) => quoted(String(value)),
  jsonb: (value) => quoted(toJson(value)),
  timestamptz: (value) => timestamp((value as Date).getTime()),
  bytea: (value) => `"\\\\x${(value as Buffer).toString('hex')}"`,
};

let lastMs = NaN;
let lastTimestamp = '';

/** The rows of a batch are all of the same moment or two, and writing a date out is dear. */
function timestamp(ms: number): string {
  if (ms !== lastMs) [lastMs, lastTimestamp] = [ms, `"${new Date(ms).toISOString()}"`];
  return lastTimestamp;
}

/** JSON text in which a bigint is written as the integer it is. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? rawJson(member.toString()) : member));

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
