import { brokersOf } from './kafka.mts';
import { originsOf } from './nginx.mts';
import { databaseOf } from './postgres.mts';
import { secret, sha256 } from './secrets.mts';
import { serviceNamed, type Instance, type Service } from './services.mts';
import { type Stack } from './settings.mts';

/** What a service may be told from outside; `ENV_ORDERS_LOG_LEVELS=debug` tells orders alone, anything at all. */
const passedOn = [
  'LOG_LEVELS',
  'CURRENCY',
  'GSTORE_FAILPOINTS',
  'FAILPOINTS',
  'CHECK_ANSWERS',
  'TZ',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER_ARG',
];

/** Of glibc: without it each thread keeps what it was given for itself, some 20 MB in a service. */
const smallHeaps = { MALLOC_ARENA_MAX: '2' } as const;

/**
 * A young generation of 4 MB in place of 64, and an old one of at most 256: what a service took once it keeps for good, and
 * by the size of a large machine V8 lets a heap of 30 MB grow to 100 before it looks; under a small limit it looks at each
 * third more. The collector's extra turns cost a few percent of its CPU; of the journal's they would be a quarter, for all
 * of a large batch is alive until it has committed.
 */
export const nodeOptionsOf = (service: string): string =>
  `--enable-source-maps --max-semi-space-size=${service === 'journal' ? 16 : 4} --max-old-space-size=256`;

/** The whole environment of a service: nothing of the shell that happened to start it leaks in. */
export function environmentOf(stack: Stack, { service, port }: Instance): Readonly<Record<string, string>> {
  const own = `ENV_${service.name.toUpperCase()}_`;
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    ...smallHeaps,
    NODE_OPTIONS: [nodeOptionsOf(service.name), stack.env['NODE_OPTIONS']].filter(Boolean).join(' '),
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: String(port),
    KAFKA_BROKERS: brokersOf(stack),
    JWKS_URL: `${serviceUrl(stack, 'identity')}/.well-known/jwks.json`,
    TRUSTED_PROXIES: '127.0.0.1',
    ALLOWED_ORIGINS: originsOf(stack).join(','),
    ...(service.name === 'identity' && { FIRST_OPERATOR_LOGIN: firstOperator }),
    ...(service.name === 'orders' && { POINTS_ENABLED: 'on' }),
    ...(service.name === 'points' && { ACCRUAL_SYSTEM_ADDRESS: serviceUrl(stack, 'accrual') }),
    ...secretsOf(stack, service),
    ...chosen(stack.env, (name) => (passedOn.includes(name) ? name : undefined)),
    ...chosen(stack.env, (name) => (name.startsWith(own) ? name.slice(own.length) : undefined)),
  };
}

/** Beside the demo's `operator`, whose password everybody knows: one that a stack has without a seed, known to its owner. */
export const firstOperator = 'first-operator';

/** The part of a service's environment that nobody else may see. */
export function secretsOf(stack: Stack, { name }: Service): Readonly<Record<string, string>> {
  const { url, ownerUrl } = databaseOf(stack, name);
  return {
    DATABASE_URL: url,
    DATABASE_OWNER_URL: ownerUrl,
    STAFF_API_KEYS: [
      `demo:${sha256(staffApiKey(stack))}:orders+points+accrual`,
      ...(name === 'accrual' ? [`points:${sha256(accrualKey(stack))}:accrual`] : []),
      stack.env['MORE_STAFF_API_KEYS'],
    ]
      .filter(Boolean)
      .join(','),
    ...(name === 'identity' && {
      IDENTITY_SECRET: secret(stack, 'identity-secret'),
      FIRST_OPERATOR_PASSWORD: secret(stack, 'first-operator-password'),
    }),
    ...(name === 'points' && { ACCRUAL_SYSTEM_KEY: accrualKey(stack) }),
  };
}

/** What brings a service's database up to date is told. */
export const migrationEnvironment = (stack: Stack, service: string): Readonly<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_ENV: 'production',
  DATABASE_OWNER_URL: databaseOf(stack, service).ownerUrl,
  APP_ROLE: databaseOf(stack, service).appRole,
});

/** The machine key of the demo, with every scope; services know only its digest. */
export const staffApiKey = (stack: Stack): string => secret(stack, 'staff-api-key');

/** With which points asks accrual, and which opens nothing else. */
const accrualKey = (stack: Stack): string => secret(stack, 'accrual-key-of-points');

export const serviceUrl = (stack: Stack, name: string): string =>
  `http://127.0.0.1:${serviceNamed(name).port + stack.portOffset}`;

const chosen = (env: Stack['env'], nameOf: (name: string) => string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const own = nameOf(name);
      return own && value ? [[own, value]] : [];
    }),
  );
