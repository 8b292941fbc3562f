import type { QueryConfig } from 'pg';
import type { Row, Table } from '../table.js';
import { arrayLiteral } from './array-literal.js';

/** What a unit of work sends for one table. Every text is fixed, so each is prepared once per connection. */
export interface TableStatements<R extends Row> {
  /** The rows under these keys; locked in order of the primary key if the table is a guard. */
  select(key: readonly string[], values: readonly (readonly unknown[])[]): QueryConfig;
  insert(rows: readonly R[]): QueryConfig;
  /** Fails with division by zero (22012) unless every row was there in the version it was loaded in. */
  update(rows: readonly { readonly from: R; readonly to: R }[]): QueryConfig;
}

export function statementsFor<R extends Row>(table: Table<R>): TableStatements<R> {
  const fields = Object.keys(table.columns) as (keyof R & string)[];
  const columnOf = (field: string): string => `"${table.columns[field as keyof R & string][0]}"`;
  const typeOf = (field: string) => table.columns[field as keyof R & string][1];
  const name = `"${table.name}"`;
  const primary = table.keys[0];
  const immutable = new Set<string>([...primary, ...(table.immutable ?? [])]);
  const updated = fields.filter((field) => !immutable.has(field));
  const sent = [...primary, ...updated];

  const list = fields.map((field) => `t.${columnOf(field)} AS "${field}"`).join(', ');
  const ordered = primary
    .map((field) => `t.${columnOf(field)}${typeOf(field) === 'text' ? ' COLLATE "C"' : ''}`)
    .join(', ');
  const selects = new Map(table.keys.map((key) => [key.join(), selectText(key)]));

  /**
   * Follows from the rest, and is said so that the index is always used: a plan is kept for as long as the session lives,
   * and one that was made while the table was empty would otherwise read all of it for ever.
   */
  function among([first = '']: readonly string[]): string {
    return `t.${columnOf(first)} = ANY ($1::${typeOf(first)}[])`;
  }

  function selectText(key: readonly string[]): string {
    const params = key.map((field, i) => `$${i + 1}::${typeOf(field)}[]`).join(', ');
    const columns = key.map((field) => `t.${columnOf(field)}`).join(', ');
    const where =
      key.length === 1
        ? `${columns} = ANY (${params})`
        : `${among(key)} AND (${columns}) IN (SELECT * FROM unnest(${params}))`;
    return `SELECT ${list} FROM ${name} t WHERE ${where} ORDER BY ${ordered}${table.role === 'guard' ? ' FOR UPDATE' : ''}`;
  }

  const insertText =
    `INSERT INTO ${name} (${fields.map(columnOf).join(', ')}) ` +
    `SELECT * FROM unnest(${fields.map((field, i) => `$${i + 1}::${typeOf(field)}[]`).join(', ')})`;

  const { version } = table;
  const params = sent.map((field, i) => `$${i + 1}::${typeOf(field)}[]`);
  if (version !== undefined) params.push(`$${sent.length + 1}::${typeOf(version)}[]`);
  const updateText =
    `WITH u AS (UPDATE ${name} t SET ${updated.map((field) => `${columnOf(field)} = n.${columnOf(field)}`).join(', ')} ` +
    `FROM unnest(${params.join(', ')}) AS n(${sent.map(columnOf).join(', ')}${version === undefined ? '' : ', expected'}) ` +
    `WHERE ${among(primary)} AND ${primary.map((field) => `t.${columnOf(field)} = n.${columnOf(field)}`).join(' AND ')}` +
    `${version === undefined ? '' : ` AND t.${columnOf(version)} = n.expected`} RETURNING 1) ` +
    `SELECT 1 / (count(*) = $${params.length + 1}::bigint)::int FROM u`;

  return {
    select: (key, values) => ({
      name: `select ${table.name} ${key.join()}`,
      text: selects.get(key.join()) ?? unknownKey(table, key),
      values: key.map((field, i) =>
        arrayLiteral(
          typeOf(field),
          values.map((tuple) => tuple[i]),
        ),
      ),
    }),
    insert: (rows) => ({
      name: `insert ${table.name}`,
      text: insertText,
      values: fields.map((field) =>
        arrayLiteral(
          typeOf(field),
          rows.map((row) => row[field]),
        ),
      ),
    }),
    update: (rows) => ({
      name: `update ${table.name}`,
      text: updateText,
      values: [
        ...sent.map((field) =>
          arrayLiteral(
            typeOf(field),
            rows.map(({ to }) => to[field as keyof R]),
          ),
        ),
        ...(version === undefined
          ? []
          : [
              arrayLiteral(
                typeOf(version),
                rows.map(({ from }) => from[version]),
              ),
            ]),
        String(rows.length),
      ],
    }),
  };
}

function unknownKey(table: Table<never>, key: readonly string[]): never {
  throw new TypeError(`table ${table.name} declares no key (${key.join(', ')})`);
}
