import { services } from '../local/services.mts';

/** Every secret of a stack in containers. One that nobody gives is made at the first start. */
export const secretNames: readonly string[] = [
  'identity-secret',
  'first-operator-password',
  'staff-api-key',
  'accrual-key-of-points',
  'postgres-postgres',
  ...services.flatMap(({ name }) => [`postgres-${name}_owner`, `postgres-${name}_app`]),
];

/** The name under which `.env` may give a secret: `identity-secret` is `IDENTITY_SECRET`. */
export const variableOf = (secret: string): string => secret.toUpperCase().replaceAll('-', '_');

/** The secrets that the environment gives, by name. */
export const givenSecrets = (env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> =>
  new Map(secretNames.flatMap((name) => (env[variableOf(name)] ? [[name, env[variableOf(name)] ?? '']] : [])));
