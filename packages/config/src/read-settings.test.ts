import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkSettings,
  ConfigInvalid,
  databaseUrl,
  flag,
  integer,
  list,
  oneOf,
  optional,
  parsed,
  port,
  readSettings,
  secret,
  text,
  url,
  withDefault,
  type Environment,
  type Reader,
} from './index.js';

const faultOf = (run: () => unknown): ConfigInvalid => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigInvalid) return error;
    throw error;
  }
  throw new Error('the settings were taken');
};
const read = <T>(reader: Reader<T>, given?: string): T => readSettings({ IT: given }, { IT: reader }).IT;
const refuses = (reader: Reader<unknown>, given?: string): string => faultOf(() => read(reader, given)).message;

const shape = {
  GSTORE_MODE: oneOf('demo', 'production'),
  PORT: port(8080),
  DATABASE_URL: databaseUrl(),
  KAFKA_BROKERS: list(['localhost:9092']),
  JWKS_URL: url(),
  AUTH_SECRET: secret({ min: 32 }),
  VERBOSE: flag(false),
  FIRST_OPERATOR: optional(text()),
};
const good: Environment = {
  GSTORE_MODE: 'demo',
  DATABASE_URL: 'postgresql://app:pw@localhost:5432/orders',
  JWKS_URL: 'http://localhost:8083/.well-known/jwks.json',
  AUTH_SECRET: 'a'.repeat(32),
  PATH: '/bin',
};

describe('settings from the environment', () => {
  it('become typed values, and what nobody asked for is left alone', () => {
    expect(readSettings(good, shape)).toEqual({
      GSTORE_MODE: 'demo',
      PORT: 8080,
      DATABASE_URL: 'postgresql://app:pw@localhost:5432/orders',
      KAFKA_BROKERS: ['localhost:9092'],
      JWKS_URL: 'http://localhost:8083/.well-known/jwks.json',
      AUTH_SECRET: 'a'.repeat(32),
      VERBOSE: false,
      FIRST_OPERATOR: undefined,
    });
  });

  it('report all faults together, in words that a stranger can act on', () => {
    const env = { ...good, GSTORE_MODE: 'prod', PORT: '80800', JWKS_URL: '', AUTH_SECRET: 'hunter2', VERBOSE: 'maybe' };
    expect(faultOf(() => readSettings(env, shape)).message).toBe(
      [
        'These settings (environment variables) are missing or wrong:',
        "  GSTORE_MODE is 'prod'; write demo or production",
        "  PORT is '80800'; write a port from 0 to 65535",
        '  JWKS_URL is not set; write a URL, http://… or https://…',
        "  AUTH_SECRET is not of this form; write a secret of at least 32 characters, or its file's path into the same name with _FILE",
        "  VERBOSE is 'maybe'; write on or off",
      ].join('\n'),
    );
  });

  it('never show a secret, nor a database password', () => {
    const env = { ...good, AUTH_SECRET: 'hunter2', DATABASE_URL: 'mysql://app:hunter2@localhost/orders' };
    const { message, stack } = faultOf(() => readSettings(env, shape));
    expect(`${message}${stack}`).not.toContain('hunter2');
    expect(message).toContain('AUTH_SECRET');
    expect(message).toContain('DATABASE_URL');
  });

  it('are checked against each other in a second step', () => {
    const fault = {
      variable: 'TRUSTED_PROXIES',
      problem: 'is empty in production',
      expects: 'the addresses of the gateway',
    };
    expect(() => checkSettings([undefined, undefined])).not.toThrow();
    expect(faultOf(() => checkSettings([undefined, fault, fault])).faults).toEqual([fault, fault]);
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(folder, 'secret');
  writeFileSync(file, `${'s'.repeat(40)}\n`);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read from where its variable with _FILE says, without the line end', () => {
    const env = { ...good, AUTH_SECRET: undefined, AUTH_SECRET_FILE: file };
    expect(readSettings(env, shape).AUTH_SECRET).toBe('s'.repeat(40));
  });

  it('is refused beside the same secret in the environment', () => {
    expect(faultOf(() => readSettings({ ...good, AUTH_SECRET_FILE: file }, shape)).message).toContain(
      'only one may be',
    );
  });

  it('that is not there is a fault among the others', () => {
    const env = { AUTH_SECRET_FILE: join(folder, 'none') };
    const faults = faultOf(() => readSettings(env, shape)).faults;
    expect(faults.map(({ variable }) => variable)).toEqual(['GSTORE_MODE', 'DATABASE_URL', 'JWKS_URL', 'AUTH_SECRET']);
    expect(faults.at(-1)?.problem).toContain('ENOENT');
  });

  it('may hold what a reader of its own does not show', () => {
    const keys = optional(parsed('keys', (given) => given.split(','), { shown: false }));
    expect(readSettings({ KEYS_FILE: file }, { KEYS: keys }).KEYS).toEqual(['s'.repeat(40)]);
  });

  it('is for secrets alone', () => {
    expect(readSettings({ GREETING_FILE: file }, { GREETING: text('hello') }).GREETING).toBe('hello');
  });
});

describe('one setting', () => {
  it('is missing when it is empty or blank', () => {
    for (const given of [undefined, '', '  ']) expect(refuses(text(), given)).toContain('IT is not set');
    expect(read(text('this'), ' ')).toBe('this');
  });

  it('may be a port', () => {
    expect([read(port(1)), read(port(1), '0'), read(port(1), '65535')]).toEqual([1, 0, 65535]);
    for (const given of ['-1', '65536', '80.5', '0x50', '8e3', 'http'])
      expect(refuses(port(1), given)).toContain('a port');
  });

  it('may be a whole number in a range', () => {
    const reader = integer(5, { min: 1, max: 10 });
    expect([read(reader), read(reader, '1'), read(reader, '10')]).toEqual([5, 1, 10]);
    for (const given of ['0', '11', '1.0', '', 'ten'].filter(Boolean))
      expect(refuses(reader, given)).toContain('from 1 to 10');
    expect(refuses(integer(), '9007199254740993')).toContain('a whole number');
  });

  it('may be a URL of the right kind', () => {
    expect(read(url(), 'https://shop.example/a?b=c')).toBe('https://shop.example/a?b=c');
    for (const given of ['shop.example', 'ftp://shop.example', 'javascript:alert(1)'])
      expect(refuses(url(), given)).toContain('a URL');
    expect(read(url(undefined, ['redis']), 'redis://cache')).toBe('redis://cache');
  });

  it('may be a list, each word once', () => {
    expect(read(list(), 'a, b,,a ,c')).toEqual(['a', 'b', 'c']);
    expect(read(list())).toEqual([]);
    expect(read(list(['x']))).toEqual(['x']);
  });

  it('may be a switch', () => {
    for (const given of ['on', 'true', 'YES', '1']) expect(read(flag(), given)).toBe(true);
    for (const given of ['off', 'false', 'No', '0']) expect(read(flag(true), given)).toBe(false);
    expect(refuses(flag(), undefined)).toContain('on or off');
  });

  it('may be left out, but not be wrong', () => {
    expect(read(optional(port()))).toBeUndefined();
    expect(read(optional(port(7)))).toBe(7);
    expect(refuses(optional(port()), 'x')).toContain('or leave it out');
    expect(read(withDefault(oneOf('a', 'b'), 'b'))).toBe('b');
  });

  it('may be anything that a reader of its own understands', () => {
    const pair = parsed('two words', (given) => (given.split(' ').length === 2 ? given.split(' ') : undefined));
    expect(read(pair, 'one two')).toEqual(['one', 'two']);
    expect(refuses(pair, 'one')).toBe(
      "These settings (environment variables) are missing or wrong:\n  IT is 'one'; write two words",
    );
  });
});
