// One configuration, five suites by what they need: nothing, a PostgreSQL, a Kafka, the whole stack behind nginx, and
// that stack for themselves alone, because they stop or spoil parts of it.
// Those that are modules, and one that imports at run time, which Jest's sandbox cannot.
const esm = ['jose', 'uuid', '@opentelemetry/otlp-exporter-base'];

const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  transform: {
    '^.+\\.m?ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
    [`/node_modules/(${esm.join('|')})/.+\\.c?js$`]: [
      '@swc/jest',
      { jsc: { target: 'es2024' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esm.join('|')})/)`],
  modulePathIgnorePatterns: ['/dist/', '/\\.local/', '/\\.nx/'],
  // Sources import each other as `./x.js`, the name that they have once built.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'tsx', 'mts', 'js', 'json'],
};

const suite = (displayName, testMatch, extra = {}) => ({ ...base, displayName, testMatch, ...extra });

const onTheStack = {
  globalSetup: '<rootDir>/e2e/stack.setup.ts',
  globalTeardown: '<rootDir>/e2e/stack.teardown.ts',
};

module.exports = {
  rootDir: __dirname,
  projects: [
    suite('unit', ['<rootDir>/{packages,services,editions,tools,deploy,bench,frontend}/**/*.test.ts'], {
      testPathIgnorePatterns: ['/node_modules/', '\\.(int|kafka|e2e)\\.test\\.ts$'],
    }),
    suite('int', ['<rootDir>/{packages,services,editions,tools,deploy}/**/*.int.test.ts'], {
      globalSetup: '<rootDir>/packages/testing/src/postgres.setup.ts',
      globalTeardown: '<rootDir>/packages/testing/src/postgres.teardown.ts',
    }),
    suite('kafka', ['<rootDir>/{packages,services,editions}/**/*.kafka.test.ts'], {
      globalSetup: '<rootDir>/packages/testing/src/kafka.setup.ts',
      globalTeardown: '<rootDir>/packages/testing/src/kafka.teardown.ts',
    }),
    suite('e2e', ['<rootDir>/e2e/**/*.e2e.test.ts'], {
      ...onTheStack,
      testPathIgnorePatterns: ['/node_modules/', '/e2e/alone/'],
    }),
    suite('alone', ['<rootDir>/e2e/alone/*.e2e.test.ts'], onTheStack),
  ],
  testTimeout: 60_000,
};
