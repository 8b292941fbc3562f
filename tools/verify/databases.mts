import { Client, types } from 'pg';
import { ToolRefused } from './where.mts';

export interface Database extends AsyncDisposable {
  readonly service: string;
  rows<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  one<R extends object>(text: string, values?: readonly unknown[]): Promise<R>;
  /** Whether it has a table of this name. */
  has(table: string): Promise<boolean>;
  /** Every row, `pageRows` at a time; `text` ends in the place of the last row seen, $1, and its LIMIT. */
  pages<R extends object>(text: (after: string | null) => string, placeOf: (row: R) => string): AsyncGenerator<R>;
}

export const pageRows = 20_000;

/** int8 as bigint, numeric as text: nothing is rounded. */
const exact = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.INT8 ? BigInt : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/** One instant of a database, and no way to write to it. @throws ToolRefused when it does not answer */
export async function openSnapshot(service: string, url: string): Promise<Database> {
  const client = new Client({
    connectionString: url,
    application_name: 'verify',
    connectionTimeoutMillis: 5_000,
    types: exact,
  });
  client.on('error', () => undefined); // shows in the query that it ends
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new ToolRefused(`The database of ${service} does not answer: ${(error as Error).message}`);
  }
  const rows = async <R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> =>
    (await client.query<R & Record<string, unknown>>(text, [...values])).rows;
  return {
    service,
    rows,
    one: async <R extends object>(text: string, values?: readonly unknown[]) => {
      const [row] = await rows<R>(text, values);
      if (row === undefined) throw new Error(`${service}: no row from ${text}`);
      return row;
    },
    has: async (table) =>
      (await rows<{ is: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is', [table]))[0]?.is === true,
    async *pages<R extends object>(text: (after: string | null) => string, placeOf: (row: R) => string) {
      for (let after: string | null = null; ;) {
        const page: readonly R[] = await rows<R>(`${text(after)} LIMIT ${pageRows}`, after === null ? [] : [after]);
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < pageRows) return;
        after = placeOf(last);
      }
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
