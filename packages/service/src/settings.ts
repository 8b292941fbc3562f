import {
  checkSettings,
  databaseUrl,
  flag,
  list,
  oneOf,
  optional,
  parsed,
  port,
  secret,
  text,
  url,
  withDefault,
  type Settings,
} from '@g-store/config';
import { parseStaffKeys } from '@g-store/http';
import { areLogLevels } from '@g-store/runtime';

/** What every service is told by its environment. A service adds its own beside these. */
export const foundationSettings = {
  GSTORE_MODE: oneOf('demo', 'production'),
  HOST: text('127.0.0.1'),
  PORT: port(),
  DATABASE_URL: databaseUrl(),
  /** Of the role that owns the tables: for the upkeep of partitions, never for a request. */
  DATABASE_OWNER_URL: databaseUrl(),
  KAFKA_BROKERS: parsed('host:port, several separated by commas', (given) => {
    const brokers = given.split(',').map((one) => one.trim());
    return brokers.every((one) => /^[^\s:]+:\d{1,5}$/.test(one)) ? brokers : undefined;
  }),
  /** Certificates in PEM of whoever vouches for Kafka's brokers; with the two below, or none of the three. */
  KAFKA_CA: optional(secret()),
  KAFKA_USERNAME: optional(text()),
  KAFKA_PASSWORD: optional(secret()),
  JWKS_URL: url(),
  TRUSTED_PROXIES: list(),
  ALLOWED_ORIGINS: list(
    ['http://localhost', 'http://127.0.0.1'].flatMap((origin) => [origin, `${origin}:3000`, `${origin}:8000`]),
  ),
  STAFF_API_KEYS: optional(
    parsed(
      'name:sha256:scopes, several separated by commas, scopes joined by +',
      (given) => {
        try {
          return parseStaffKeys(given);
        } catch {
          return undefined;
        }
      },
      { shown: false }, // somebody may have written the key itself
    ),
  ),
  LOG_LEVELS: withDefault(
    parsed(
      'a level, or module=level, several separated by commas; levels are debug, info, warn, error, silent',
      (given) => (areLogLevels(given) ? given : undefined),
    ),
    'info',
  ),
  /** A collector of traces, by OTLP over HTTP; left out, there are none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url()),
  /** Share of the traces begun here that is kept. */
  OTEL_TRACES_SAMPLER_ARG: withDefault(
    parsed('a number from 0 to 1', (given) => (/^(0(\.\d+)?|1(\.0+)?)$/.test(given) ? Number(given) : undefined)),
    1,
  ),
  CURRENCY: withDefault(
    parsed('three capital letters, as in RUB', (given) => (/^[A-Z]{3}$/.test(given) ? given : undefined)),
    'RUB',
  ),
  /** Answers that a route does not declare are faults: for tests. */
  CHECK_ANSWERS: flag(false),
};

export type FoundationSettings = Settings<typeof foundationSettings>;

/** The rules that look at several settings. @throws ConfigInvalid */
export function checkFoundation(
  settings: Pick<FoundationSettings, 'GSTORE_MODE' | 'TRUSTED_PROXIES' | 'HOST' | KafkaSetting>,
): void {
  const production = settings.GSTORE_MODE === 'production';
  checkSettings([
    production && settings.TRUSTED_PROXIES.length === 0
      ? {
          variable: 'TRUSTED_PROXIES',
          problem: 'is not set, and production runs behind a gateway',
          expects: 'the addresses or CIDRs of the gateway',
        }
      : undefined,
    ...kafkaSettings.map((variable) =>
      settings[variable] === undefined && kafkaSettings.some((other) => settings[other] !== undefined)
        ? {
            variable,
            problem: 'is not set, but others of its kind are',
            expects: `${kafkaSettings.join(', ')}, or none`,
          }
        : undefined,
    ),
  ]);
}

const kafkaSettings = ['KAFKA_CA', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const;
type KafkaSetting = (typeof kafkaSettings)[number];

/** Who the service is to Kafka; undefined where Kafka does not ask. */
export const kafkaSecurity = ({
  KAFKA_CA: ca,
  KAFKA_USERNAME: username,
  KAFKA_PASSWORD: password,
}: Pick<FoundationSettings, KafkaSetting>): { ca: string; username: string; password: string } | undefined =>
  ca !== undefined && username !== undefined && password !== undefined ? { ca, username, password } : undefined;
