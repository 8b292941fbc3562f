import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** The stack that these tests run on: with data and ports of its own, so that another may run beside it. */
export const NAME = process.env['E2E_STACK'] ?? 'e2e';
// Below 32768 with every port: from there on systems take ports for outgoing connections.
const OFFSET = Number(process.env['E2E_PORT_OFFSET'] ?? 12_000);
export const INSTANCES = 3;

/** Where clients of the two older point systems look. */
export const LEGACY_PORTS = { eventStore: 9_001 + OFFSET, queue: 8_001 + OFFSET };

/** Where a test may stand in for a collector of traces. */
export const OTLP_PORT = 4_318 + OFFSET;

export type Scope = 'orders' | 'points' | 'accrual';
/** The staff API key of a machine that may do one thing only; the demo's own may do all. */
export const scopedKey = (scope: Scope): string => `only-${scope}-for-${NAME}-stack`;
const scopedKeys = (['orders', 'points', 'accrual'] as const).map(
  (scope) => `only-${scope}:${hash('sha256', scopedKey(scope))}:${scope}`,
);

const root = join(__dirname, '..');
export const environment = {
  ...process.env,
  STACK: NAME,
  PORT_OFFSET: String(OFFSET),
  NOTIFICATIONS_INSTANCES: String(INSTANCES),
  CHECK_ANSWERS: 'on',
  LOG_LEVELS: 'info',
  LEGACY_PORTS: Object.values(LEGACY_PORTS).join(','),
  MORE_STAFF_API_KEYS: scopedKeys.join(','),
};

export const gateway = `http://127.0.0.1:${8_000 + OFFSET}`;
export const socketUrl = `ws://127.0.0.1:${8_000 + OFFSET}/ws/orders/`;
/** A service directly, past the gateway. */
export const portOf = (port: number): string => `http://127.0.0.1:${port + OFFSET}`;

export const kafkaBroker = (): string => new URL(portOf(9_092)).host;

const run = promisify(execFile);

/** `stack('up')`: the same command that a person has. */
export const stack = (...args: readonly string[]): Promise<string> => stackWith({}, ...args);

/** The same, with more settings. */
export async function stackWith(
  settings: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [join(root, 'deploy/local/stack.mts'), ...args], {
      cwd: root,
      env: { ...environment, ...settings },
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`stack ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

interface Part {
  readonly name: string;
  readonly pid?: number;
  readonly ready: boolean;
}

export async function parts(): Promise<readonly Part[]> {
  const answer = run(process.execPath, [join(root, 'deploy/local/stack.mts'), 'status', '--json'], {
    cwd: root,
    env: environment,
  });
  // Exit code 3: some part is not ready, which is what is asked for.
  const { stdout } = await answer.catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as readonly Part[];
}

/** Ends a part of this stack the hard way. */
export async function killPart(name: string): Promise<void> {
  const part = (await parts()).find((one) => one.name === name);
  if (part?.pid === undefined) throw new Error(`${name} does not run`);
  process.kill(part.pid, 'SIGKILL');
}

/** Starts what has died; everything else is left alone. */
export const revive = (...names: readonly string[]): Promise<string> => stack('up', '--only', names.join(','));

/** The same, with other settings for as long as it lives. */
export const reviveWith = (settings: Readonly<Record<string, string>>, ...names: readonly string[]): Promise<string> =>
  stackWith(settings, 'up', '--only', names.join(','));

export const secret = (name: string): string =>
  readFileSync(join(root, '.local', NAME, 'secrets', name), 'utf8').trim();

/** As PostgreSQL's superuser, who may do to a database what no service may. */
export async function ownerOfAll(database: string): Promise<Client & AsyncDisposable> {
  const { port } = new URL(portOf(5_432));
  const password = encodeURIComponent(secret('postgres-postgres'));
  const client = new Client({ connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/${database}` });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** `npm run seed`: people of a demonstration, with money and orders; those who are there already are left alone. */
export async function seed(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, 'tools/seed.mts')], {
    cwd: root,
    env: { ...environment, ...env },
  });
  return stdout;
}

const notedByHand = join(root, '.local', NAME, 'records-by-hand');

/** Records lie in Kafka that no outbox has told: `verify` expects so many more of them, for as long as the stack lasts. */
export const noteRecordsByHand = (count: number): void => writeFileSync(notedByHand, String(recordsByHand() + count));

export const recordsByHand = (): number => (existsSync(notedByHand) ? Number(readFileSync(notedByHand, 'utf8')) : 0);

/** Kafka has begun anew, without them. */
export const forgetRecordsByHand = (): void => rmSync(notedByHand, { force: true });

/** `npm run verify`: waits until the shop is quiet, then looks at every invariant. @throws with the table when one is broken */
export async function verify(): Promise<void> {
  try {
    await run(process.execPath, [join(root, 'tools/verify.mts'), '--wait', '--foreign', String(recordsByHand())], {
      cwd: root,
      env: environment,
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`the invariants do not hold:\n${stdout}\n${stderr}`, { cause: error });
  }
}
