import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { describeStack, type Description } from '../deploy/local/description.mts';
import { databaseOf, superuserUrl } from '../deploy/local/postgres.mts';
import { runFolder } from '../deploy/local/processes.mts';
import { readStack, type Stack } from '../deploy/local/settings.mts';
import { cpuOfTree } from './cpu.mts';

/** A stack of the bench's own, on ports and data of its own, as `make start` makes it. */
export interface BenchStack extends AsyncDisposable {
  readonly description: Description;
  /** Whom the local stack's own parts are made for. */
  readonly local: Stack;
  readonly superuserUrl: string;
  /** CPU seconds that a part has used since it began: `postgres`, `kafka`, `nginx`, `orders`, … */
  cpuOf(part: string): number;
  /** A database of that name with nobody's rows in it, owned by the orders' roles. */
  freshDatabase(name: string): Promise<{ readonly url: string; readonly ownerUrl: string; readonly appRole: string }>;
}

const env = {
  ...process.env,
  STACK: process.env['BENCH_STACK'] ?? 'bench',
  PORT_OFFSET: process.env['BENCH_PORT_OFFSET'] ?? '11500',
  RATE_LIMITS: 'off',
};

/** Makes those parts, or all of them, anew and empty, and stops them at disposal; with `BENCH_KEEP=on` takes and leaves what is there. */
export async function startStack(only?: readonly string[]): Promise<BenchStack> {
  const stack = readStack(env);
  const run = (...args: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const script = join(stack.root, 'deploy/local/stack.mts');
      const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
      child.once('error', reject);
      child.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`stack ${args[0]} ended with ${code}`)),
      );
    });
  const parts = only === undefined ? [] : ['--only', only.join(',')];
  const keep = process.env['BENCH_KEEP'] === 'on';
  if (!keep) await run('clean');
  await run('up', ...parts, '--no-seed');

  return {
    description: describeStack(stack),
    local: stack,
    superuserUrl: superuserUrl(stack),
    cpuOf: (part) => cpuOfTree(Number(readFileSync(join(runFolder(stack), `${part}.pid`), 'utf8').split(' ')[0])),
    async freshDatabase(name) {
      const { url, ownerUrl, appRole } = databaseOf(stack, 'orders');
      await withClient(superuserUrl(stack), async (client) => {
        await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
        await client.query(`CREATE DATABASE "${name}" OWNER orders_owner`);
      });
      const at = (address: string): string => Object.assign(new URL(address), { pathname: `/${name}` }).href;
      return { url: at(url), ownerUrl: at(ownerUrl), appRole };
    },
    [Symbol.asyncDispose]: () => (keep ? Promise.resolve() : run('down')),
  };
}

export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export const execute = promisify(execFile);

/** Whether COMMIT waits for the disk, and what else decides how long it takes. */
export const postgresSettings = (url: string): Promise<Readonly<Record<string, string>>> =>
  withClient(url, async (client) => {
    const names = [
      'server_version',
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'wal_sync_method',
      'shared_buffers',
      'max_wal_size',
    ];
    const { rows } = await client.query<{ name: string; value: string }>(
      'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) name',
      [names],
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name === 'server_version' ? 'PostgreSQL' : name, value]));
  });
