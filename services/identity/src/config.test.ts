import { ConfigInvalid } from '@g-store/config';
import { readIdentitySettings } from './config.js';

const demo = {
  GSTORE_MODE: 'demo',
  PORT: '8083',
  DATABASE_URL: 'postgresql://app:pw@localhost/identity',
  DATABASE_OWNER_URL: 'postgresql://owner:pw@localhost/identity',
  KAFKA_BROKERS: 'localhost:9092',
  IDENTITY_SECRET: 'a demonstration may have any secret',
};
const production = {
  ...demo,
  GSTORE_MODE: 'production',
  TRUSTED_PROXIES: '10.0.0.0/8',
  IDENTITY_SECRET: 'u4J9vR0m2T7xq1ZkB8cN6yW3hL5dF0gS',
  FIRST_OPERATOR_LOGIN: 'chief',
  FIRST_OPERATOR_PASSWORD: 'tM4vK9pR2xW7',
};
const faultsOf = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    readIdentitySettings(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults.map(({ variable }) => variable);
    throw error;
  }
};

describe('the settings of identity', () => {
  it('for a demonstration need a mode, a port, a database, a broker and a secret', () => {
    expect(faultsOf(demo)).toEqual([]);
    expect(faultsOf({})).toEqual([
      'GSTORE_MODE',
      'PORT',
      'DATABASE_URL',
      'DATABASE_OWNER_URL',
      'KAFKA_BROKERS',
      'IDENTITY_SECRET',
    ]);
  });

  it('name a first operator with a password or not at all', () => {
    expect(faultsOf({ ...demo, FIRST_OPERATOR_LOGIN: 'chief' })).toEqual(['FIRST_OPERATOR_PASSWORD']);
    expect(faultsOf({ ...demo, FIRST_OPERATOR_PASSWORD: 'long enough' })).toEqual(['FIRST_OPERATOR_LOGIN']);
    expect(faultsOf({ ...demo, FIRST_OPERATOR_LOGIN: ' ', FIRST_OPERATOR_PASSWORD: 'long enough' })).not.toEqual([]);
  });

  it('let no token live longer than ten minutes', () =>
    expect(faultsOf({ ...demo, ACCESS_TOKEN_SECONDS: '601' })).toEqual(['ACCESS_TOKEN_SECONDS']));
});

describe('production', () => {
  it('starts with secrets of its own behind a known gateway', () => expect(faultsOf(production)).toEqual([]));

  it.each([
    ['TRUSTED_PROXIES', undefined],
    ['IDENTITY_SECRET', 'too short'],
    ['IDENTITY_SECRET', 'an example of at least 32 characters'],
    ['IDENTITY_SECRET', 'change-me-change-me-change-me-change-me'],
    ['IDENTITY_SECRET', 'a'.repeat(40)],
    ['FIRST_OPERATOR_PASSWORD', 'operator-password'],
    ['FIRST_OPERATOR_PASSWORD', 'tM4vK9pR'],
  ])('does not start with %s = %j', (variable, value) =>
    expect(faultsOf({ ...production, [variable]: value })).toEqual([variable]),
  );
});
