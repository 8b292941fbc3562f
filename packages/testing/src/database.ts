import { createHash, createHmac, randomBytes } from 'node:crypto';
import { messagingMigrations, migrate, type Migration } from '@g-store/messaging';
import { Client, Pool, type QueryResultRow } from 'pg';

export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  /** As the service itself connects: reads and writes rows, changes no table. */
  readonly url: string;
  /** As migrations and partition upkeep connect. */
  readonly ownerUrl: string;
  readonly superUrl: string;
  readonly appRole: string;
  readonly ownerRole: string;
  /** As the app role. */
  readonly pool: Pool;
  /** As the superuser: sql`SELECT … WHERE id = ${id}` answers with the rows. */
  sql<R extends QueryResultRow = QueryResultRow>(
    parts: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<R[]>;
  /** Throws out whoever is connected, and deletes the database. */
  drop(): Promise<void>;
}

export interface DatabaseOptions {
  /** What a service brings; messaging's own come first by themselves. */
  readonly migrations?: readonly Migration[];
  /** The superuser's URL of a server of one's own; without it the one that the suite shares. */
  readonly server?: string;
}

/**
 * A database of its own for one test file, cloned from a template that is migrated once per distinct set of migrations.
 * Needs TEST_DATABASE_URL, which the suites `int` and `kafka` set.
 */
export async function createDatabase({
  migrations = [],
  server: superUrl = process.env['TEST_DATABASE_URL'],
}: DatabaseOptions = {}): Promise<TestDatabase> {
  if (!superUrl) throw new Error('TEST_DATABASE_URL is not set: is the file named *.int.test.ts or *.kafka.test.ts?');
  const template = describeTemplate(superUrl, migrations);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(superUrl, async (client) => {
    await prepareTemplate(client, superUrl, template, migrations);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template.name} OWNER ${template.owner.name}`);
  });

  const url = urlOf(superUrl, name, template.app);
  const pool = new Pool({ connectionString: url, max: 4 });
  const superPool = new Pool({ connectionString: urlOf(superUrl, name), max: 2 });
  // A pool without a listener throws when its idle connections are closed by `drop`.
  for (const each of [pool, superPool]) each.on('error', () => {});
  const drop = async () => {
    await Promise.all([pool, superPool].map((each) => each.ended || each.end()));
    await withClient(superUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return {
    name,
    url,
    ownerUrl: urlOf(superUrl, name, template.owner),
    superUrl: urlOf(superUrl, name),
    appRole: template.app.name,
    ownerRole: template.owner.name,
    pool,
    sql: async <R extends QueryResultRow>(parts: TemplateStringsArray, ...values: readonly unknown[]) => {
      const text = parts.reduce((sofar, part, i) => `${sofar}$${i}${part}`);
      return (await superPool.query<R>(text, [...values])).rows;
    },
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

interface Role {
  readonly name: string;
  readonly password: string;
}

interface Template {
  readonly name: string;
  readonly owner: Role;
  readonly app: Role;
}

/** Named by what is in it, so that every worker comes to the same one; passwords follow from the superuser's. */
function describeTemplate(superUrl: string, migrations: readonly Migration[]): Template {
  // The day too: migrations also make the partitions of the coming days, and a server that is kept outlives them.
  const day = new Date().toISOString().slice(0, 10);
  const hash = createHash('sha256')
    .update(JSON.stringify([day, messagingMigrations, migrations]))
    .digest('hex')
    .slice(0, 16);
  const role = (name: string): Role => ({
    name,
    password: createHmac('sha256', superUrl).update(name).digest('base64url'),
  });
  return { name: `template_${hash}`, owner: role(`owner_${hash}`), app: role(`app_${hash}`) };
}

async function prepareTemplate(
  client: Client,
  superUrl: string,
  { name, owner, app }: Template,
  migrations: readonly Migration[],
): Promise<void> {
  // Workers come here at the same time: one makes the template, the others wait and find it.
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
  try {
    const found = await client.query('SELECT datistemplate FROM pg_database WHERE datname = $1', [name]);
    if (found.rows[0]?.datistemplate === true) return;
    // Marked last, so what bears no mark is what a killed run left half done.
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    for (const role of [owner, app]) await createRole(client, role);
    await client.query(`CREATE DATABASE ${name} OWNER ${owner.name}`);
    await migrate({ ownerUrl: urlOf(superUrl, name, owner), appRole: app.name, migrations });
    await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
  }
}

async function createRole(client: Client, { name, password }: Role): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN PASSWORD '${password}'`);
}

function urlOf(superUrl: string, database: string, role?: Role): string {
  const url = new URL(superUrl);
  url.pathname = `/${database}`;
  if (role) [url.username, url.password] = [role.name, role.password];
  return url.href;
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
