/** How a value travels to PostgreSQL: the element type of an array parameter. */
export type ColumnType =
  'uuid' | 'text' | 'bigint' | 'integer' | 'smallint' | 'timestamptz' | 'jsonb' | 'boolean' | 'bytea';

/**
 * What a row's field looks like in TypeScript, by column type:
 * uuid and text `string`, bigint `bigint`, integer and smallint `number`, timestamptz `Date`, jsonb any JSON value,
 * boolean `boolean`, bytea `Buffer`; SQL NULL is `null`.
 */
export type Row = object;

/**
 * When a table is read and written inside a unit of work.
 * - `guard`: locked first (`FOR UPDATE`); the row that callers fight over: an order, a wallet, an account.
 * - `dependent`: read after every guard is locked, never locked itself: what hangs on a guard.
 * - `insert`: only ever appended to: ledgers, histories.
 */
export type TableRole = 'guard' | 'dependent' | 'insert';

export interface Table<R extends Row> {
  readonly name: string;
  readonly role: TableRole;
  /** Field name → SQL column name and type. Every field of the row is listed. */
  readonly columns: { readonly [Field in keyof R & string]: readonly [column: string, type: ColumnType] };
  /** The primary key first, then other unique keys, each a list of fields. `find` takes exactly one of them. */
  readonly keys: readonly [readonly (keyof R & string)[], ...(readonly (keyof R & string)[])[]];
  /** The field that an update checks against the version it loaded; without it an update checks only that the row is there. */
  readonly version?: keyof R & string;
  /** Fields that an update never writes (besides the primary key). */
  readonly immutable?: readonly (keyof R & string)[];
}

/** Declares a table; the identity function, so that the row's type is checked where the table is written down. */
export const table = <R extends Row>(declared: Table<R>): Table<R> => declared;

/** A row that a command is known to need before it runs: read with all others in one round trip, and locked if a guard. */
export interface Announced {
  readonly table: Table<Row>;
  readonly key: Readonly<Record<string, unknown>>;
}

/** `announce(orders, { id })`: what a command or an event says that it will look at. */
export const announce = <R extends Row>(table: Table<R>, key: Partial<R>): Announced => ({
  table: table as unknown as Table<Row>,
  key: key as Readonly<Record<string, unknown>>,
});
