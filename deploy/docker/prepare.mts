import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProgram } from '../local/run-program.mts';
import { secret, secretFile } from '../local/secrets.mts';
import { clusterIdOf, forgetCluster } from '../local/kafka.mts';
import { databaseOf, makeDatabases } from '../local/postgres.mts';
import { migrationEnvironment, secretsOf } from '../local/service-environment.mts';
import { entry, services } from '../local/services.mts';
import { integer, type Stack } from '../local/settings.mts';
import { StackRefused } from '../local/stack-refused.mts';
import { tellAgain } from '../local/tell-again.mts';
import { makeTopics, wantedTopics } from '../local/topics.mts';
import { givenSecrets, variableOf } from './given-secrets.mts';
import { load } from './load.mts';

/** The containers' stack: what it keeps lies in the volume of secrets, and each service sees its own folder of it alone. */
const stack: Stack = {
  name: 'docker',
  root: resolve(import.meta.dirname, '..', '..'),
  home: process.env['SECRETS_FOLDER'] || '/secrets',
  portOffset: 0,
  env: process.env,
};

/** The one-shots of docker-compose.yml. Each may run again at any time: what is done already stays as it is. */
const works: Readonly<Record<string, (about?: string) => Promise<string> | string>> = {
  secrets() {
    for (const [name, value] of givenSecrets(process.env)) write(secretFile(stack, name), value);
    for (const service of services)
      for (const [name, value] of Object.entries(secretsOf(stack, service)))
        write(join(stack.home, service.name, name), value);
    write(join(stack.home, 'postgres', 'password'), secret(stack, 'postgres-postgres'));
    write(join(stack.home, 'kafka', 'cluster-id'), clusterIdOf(stack));
    return `secrets: ready for ${services.map(({ name }) => name).join(', ')} and postgres`;
  },

  async migrate() {
    await makeDatabases(stack);
    for (const { name } of services) {
      const command = [process.execPath, entry(stack, name, 'migrate.js')];
      await runProgram(`migrating ${name}`, { command, env: migrationEnvironment(stack, name), signal });
    }
    return `migrations: ${services.map(({ name }) => name).join(', ')}`;
  },

  async topics() {
    const wanted = await wantedTopics(stack);
    const { made } = await makeTopics(stack, wanted);
    return `topics: ${wanted.map(({ name, partitions }) => `${name} (${partitions})`).join(', ')}; ${made} new`;
  },

  async seed() {
    if (process.env['GSTORE_MODE'] !== 'demo') return 'seed: only a demo has demo people';
    const env = {
      PATH: process.env['PATH'] ?? '',
      GSTORE_MODE: 'demo',
      GATEWAY_URL: process.env['GATEWAY_URL'] ?? '',
      DATABASE_URL_IDENTITY: databaseOf(stack, 'identity').url,
    };
    const command = [process.execPath, join(stack.root, 'tools', 'seed.mts'), '--if-empty'];
    await runProgram('seeding the demo', { command, env, signal });
    return 'seed: the demo people are there';
  },

  /** After a restore: Kafka's volume is gone, and what comes in its place has another name. */
  'new-cluster'() {
    forgetCluster(stack);
    write(join(stack.home, 'kafka', 'cluster-id'), clusterIdOf(stack));
    return 'new-cluster: the next Kafka is another one';
  },

  republish: async () => `republish: ${await tellAgain(stack, signal)} events told again`,

  load: () =>
    load({
      gateway: process.env['GATEWAY_URL'] ?? '',
      rate: integer(process.env, 'LOAD_RATE', 20),
      seconds: integer(process.env, 'LOAD_SECONDS', 60),
    }),

  show(name = '') {
    if (!existsSync(secretFile(stack, name)))
      throw new StackRefused(`there is no secret ${name} (${variableOf(name)})`);
    return readFileSync(secretFile(stack, name), 'utf8');
  },
};

/** Whole or not at all, for the one user that all our containers have. */
function write(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, text, { mode: 0o400 });
  renameSync(`${file}.new`, file);
}

const stopped = new AbortController();
const signal = stopped.signal;
process.once('SIGTERM', () => stopped.abort(new StackRefused('stopped', 143)));

try {
  const work = works[process.argv[2] ?? ''];
  if (work === undefined) throw new StackRefused(`write one of ${Object.keys(works).join(', ')}`);
  process.stdout.write(`${await work(process.argv[3])}\n`);
} catch (error) {
  const refused = error instanceof StackRefused;
  process.stderr.write(`${refused ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = refused ? error.exitCode : 1;
}
