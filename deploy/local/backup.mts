import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { down } from './down.mts';
import { forgetCluster, kafkaElsewhere } from './kafka.mts';
import { anyDatabaseElsewhere, postgresPort } from './postgres.mts';
import type { Progress } from './progress.mts';
import { tellAgain } from './tell-again.mts';
import { runProgram } from './run-program.mts';
import { secret } from './secrets.mts';
import { instancesOf, serviceNamed, services } from './services.mts';
import type { Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';
import { up } from './up.mts';

/** All databases of a running stack into one file, which is there whole or not at all; it holds people's data. */
export async function backup(stack: Stack, given: string | undefined, progress: Progress, signal: AbortSignal) {
  checkOwnServer(stack);
  const moment = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const file = resolve(given ?? join(stack.root, '.local', 'backups', `${stack.name}-${moment}.tar`));
  mkdirSync(dirname(file), { recursive: true });
  await progress.step(
    'backup',
    async () => {
      const script = join(stack.root, 'deploy', 'backup.sh');
      const shell = `umask 077; sh "$0" dump >"$1"`;
      const command = ['sh', '-c', shell, script, `${file}.half`];
      await runProgram('the backup', { command, env: await clientEnvironment(stack), signal });
      renameSync(`${file}.half`, file);
    },
    () => file,
  );
}

/**
 * Puts back what a backup holds, and brings the stack up again: one database, whose service then hears anew what it has missed; or
 * all of them. Kafka begins from nothing then, since it may hold events of things that now have never happened, and is told again
 * what the databases remember. docs/runbooks/restore.md says what that means.
 */
export async function restore(stack: Stack, wanted: Wanted, progress: Progress, signal: AbortSignal): Promise<void> {
  const { file, database } = checked(stack, wanted);
  const parts = database ? instancesOf(serviceNamed(database), stack).map(({ name }) => name) : undefined;
  await down(stack, parts, progress);
  await up(stack, { only: ['postgres'], seed: false }, progress, signal);
  await progress.step(
    'restore',
    async () => {
      const script = join(stack.root, 'deploy', 'backup.sh');
      const command = ['sh', script, 'restore', file, ...(database ? [database] : [])];
      await runProgram('the restore', { command, env: await clientEnvironment(stack), signal });
    },
    () => database ?? 'all databases',
  );
  if (database === undefined) {
    forgetCluster(stack);
    // Before any relay is there: it would tell what the backup had not told yet first, and a key's versions out of order.
    await up(stack, { only: ['postgres', 'kafka'], seed: false }, progress, signal);
    await progress.step('events told again', () => tellAgain(stack, signal), String);
  }
  await up(stack, { only: parts, seed: false }, progress, signal);
}

interface Wanted {
  readonly file: string | undefined;
  readonly database: string | undefined;
}

function checked(stack: Stack, { file, database }: Wanted) {
  checkOwnServer(stack);
  if (kafkaElsewhere(stack))
    throw new StackRefused('Kafka is not of this stack: docs/runbooks/restore.md, step by step');
  if (!file || !existsSync(file)) throw new StackRefused(`FILE=${file ?? ''}: write the file of a backup`);
  if (database && !services.some(({ name }) => name === database))
    throw new StackRefused(`DATABASE=${database}: there is no such database`);
  return { file: resolve(file), database: database || undefined };
}

function checkOwnServer(stack: Stack): void {
  if (anyDatabaseElsewhere(stack))
    throw new StackRefused('a database lies on a server of somebody else’s, and so does its backup');
}

async function clientEnvironment(stack: Stack): Promise<Readonly<Record<string, string>>> {
  const found = await promisify(execFile)('sh', [join(stack.root, 'deploy', 'local', 'postgres-client.sh')]).catch(
    ({ stderr }: { readonly stderr: string }) => Promise.reject(new StackRefused(stderr.trim())),
  );
  return {
    PATH: `${found.stdout.trim()}:${process.env['PATH'] ?? ''}`,
    PGHOST: '127.0.0.1',
    PGPORT: String(postgresPort(stack)),
    PGUSER: 'postgres',
    PGPASSWORD: secret(stack, 'postgres-postgres'),
  };
}
