import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that whoever called can put right. */
export class ToolRefused extends Error {
  override readonly name = 'ToolRefused';
}

/** Where a running stack is. */
export interface Where {
  readonly name: string;
  readonly gateway: string;
  readonly brokers: readonly string[];
  readonly databaseUrls: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Description {
  readonly gateway: string;
  readonly kafkaBrokers: readonly string[];
  readonly services: Readonly<Record<string, { readonly databaseUrl: string }>>;
}

export const root = join(import.meta.dirname, '..', '..');

/** What a tool cannot do without. */
export interface Needed {
  readonly databases?: readonly string[];
  readonly kafka?: boolean;
  readonly http?: boolean;
}

/**
 * The stack called STACK (`main` unless set) as it describes itself, overridden by what the environment says.
 * @throws ToolRefused when neither says enough
 */
export function findStack(
  env: Environment,
  { databases = [], kafka = false, http = false }: Needed = {},
  folder = join(root, '.local'),
): Where {
  const name = env['STACK'] || 'main';
  const file = join(folder, name, 'stack.json');
  const described = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Description) : undefined;
  const found = Object.entries(described?.services ?? {}).map(([service, { databaseUrl }]) => [service, databaseUrl]);
  const given = Object.entries(env).flatMap(([variable, value]) => {
    const service = /^DATABASE_URL_([A-Z]+)$/.exec(variable)?.[1]?.toLowerCase();
    return service && value ? [[service, value]] : [];
  });
  const databaseUrls = Object.fromEntries([...found, ...given]) as Where['databaseUrls'];
  const brokers = env['KAFKA_BROKERS']?.split(',') ?? described?.kafkaBrokers ?? [];
  const gateway = env['GATEWAY_URL'] ?? described?.gateway ?? '';
  const missing = [
    ...databases.filter((service) => !databaseUrls[service]).map((service) => `DATABASE_URL_${service.toUpperCase()}`),
    ...(kafka && brokers.length === 0 ? ['KAFKA_BROKERS'] : []),
    ...(http && gateway === '' ? ['GATEWAY_URL'] : []),
  ];
  if (missing.length > 0 && described === undefined)
    throw new ToolRefused(
      `No stack called ${name} is running: there is no ${file}.\n` +
        `Start one (make start), name another one (STACK=…), or set ${missing.join(', ')}.`,
    );
  if (missing.length > 0) throw new ToolRefused(`The stack ${name} does not say enough: set ${missing.join(', ')}.`);
  return { name, gateway, brokers, databaseUrls };
}

/** Something built of this repository. @throws ToolRefused when it is not built */
export async function built<T>(path: string): Promise<T> {
  const file = join(root, path);
  if (!existsSync(file))
    throw new ToolRefused(`${path} is not there, because it is not built: make build (npx nx run-many -t build)`);
  return (await import(file)) as T;
}
