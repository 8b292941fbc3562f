import { connect, migrate, type Migration } from '@g-store/messaging';

export interface Schema {
  readonly databaseUri: string;
  readonly name: string;
  readonly migrations: readonly Migration[];
}

/**
 * Makes the schema if it is missing, brings it up to date, and returns the URL of a database in which it is all there is:
 * several services, and both programs, may share one database.
 */
export async function openSchema({ databaseUri, name, migrations }: Schema): Promise<string> {
  const session = await connect(databaseUri, { applicationName: 'schema', statementTimeoutMs: 0 });
  try {
    // Two that start at once would both find it missing.
    await session.query('SELECT pg_advisory_lock($1)', [schemaLock]);
    const { rows } = await session.query<{ role: string; missing: boolean }>(
      'SELECT current_user AS role, to_regnamespace($1) IS NULL AS missing',
      [name],
    );
    const { role = '', missing = true } = rows[0] ?? {};
    if (missing) await session.query(`CREATE SCHEMA ${name}`);
    const ownerUrl = inSchema(databaseUri, name);
    await migrate({ ownerUrl, appRole: role, migrations });
    return ownerUrl;
  } finally {
    await session.end();
  }
}

const schemaLock = 7_203_415_822n;

function inSchema(databaseUri: string, name: string): string {
  const url = new URL(databaseUri);
  const options = url.searchParams.get('options');
  url.searchParams.set('options', `${options === null ? '' : `${options} `}-c search_path=${name}`);
  return url.href;
}
