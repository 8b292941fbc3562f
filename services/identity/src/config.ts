import {
  checkSettings,
  integer,
  optional,
  readSettings,
  secret,
  text,
  url,
  type Environment,
  type Fault,
} from '@g-store/config';
import { checkFoundation, foundationSettings } from '@g-store/service';
import { isLogin } from './domain/login.js';

const shape = {
  ...foundationSettings,
  /** Never asked here: identity reads its own keys. */
  JWKS_URL: url('http://localhost:8083/.well-known/jwks.json'),
  /** Seals signing keys and makes refresh tokens: the same on every instance, and kept as long as the database. */
  IDENTITY_SECRET: secret({ min: 32 }),
  FIRST_OPERATOR_LOGIN: optional(text()),
  FIRST_OPERATOR_PASSWORD: optional(secret({ min: 8 })),
  ACCESS_TOKEN_SECONDS: integer(600, { min: 10, max: 600 }),
  SESSION_DAYS: integer(30, { min: 1, max: 366 }),
  SIGNING_KEY_DAYS: integer(30, { min: 1, max: 366 }),
  /** Password hashes at once; each takes a thread and 19 MiB. */
  PASSWORD_HASHERS: integer(2, { min: 1, max: 64 }),
};

export type IdentitySettings = ReturnType<typeof readSettings<typeof shape>>;

/** @throws ConfigInvalid with every fault there is */
export function readIdentitySettings(env: Environment = process.env): IdentitySettings {
  const settings = readSettings(env, shape);
  checkIdentity(settings);
  return settings;
}

/** The rules that look at several settings. @throws ConfigInvalid */
export function checkIdentity(settings: IdentitySettings): void {
  checkFoundation(settings);
  const production = settings.GSTORE_MODE === 'production' ? productionFaults(settings) : [];
  checkSettings([...operatorFaults(settings), ...production]);
}

function operatorFaults({ FIRST_OPERATOR_LOGIN: login, FIRST_OPERATOR_PASSWORD: password }: IdentitySettings) {
  return [
    login !== undefined && !isLogin(login)
      ? fault('FIRST_OPERATOR_LOGIN', 'is no login', '1–64 printable characters, without space at either end')
      : undefined,
    (login === undefined) === (password === undefined)
      ? undefined
      : fault(
          login === undefined ? 'FIRST_OPERATOR_LOGIN' : 'FIRST_OPERATOR_PASSWORD',
          'is not set, but its other half is',
          'both FIRST_OPERATOR_LOGIN and FIRST_OPERATOR_PASSWORD, or neither',
        ),
  ];
}

const example = /example|change.?me|password|secret|12345|qwerty/i;
const looksMadeUp = (text: string): boolean => example.test(text) || new Set(text).size < 10;

const productionFaults = ({ IDENTITY_SECRET: key, FIRST_OPERATOR_PASSWORD: password }: IdentitySettings) => [
  looksMadeUp(key)
    ? fault('IDENTITY_SECRET', 'looks like an example', 'a random one: openssl rand -base64 32')
    : undefined,
  password !== undefined && (password.length < 12 || looksMadeUp(password))
    ? fault('FIRST_OPERATOR_PASSWORD', 'is short or looks like an example', 'a random one of at least 12 characters')
    : undefined,
];

const fault = (variable: string, problem: string, expects: string): Fault => ({ variable, problem, expects });
