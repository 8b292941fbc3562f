import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));
const foldersIn = (path) =>
  existsSync(join(root, path))
    ? readdirSync(join(root, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];

/**
 * The walls between the rooms, written out per folder: globs over several folders miss imports between siblings.
 * A zone says: what is in `target` may import nothing of `from` but what `except` names.
 */
const packageMayImport = {
  client: [],
  config: [],
  contracts: [],
  runtime: [],
  values: [],
  http: ['runtime'],
  messaging: ['contracts', 'runtime'],
  service: ['config', 'contracts', 'http', 'messaging', 'runtime', 'values'],
  testing: ['config', 'contracts', 'http', 'messaging', 'runtime', 'service', 'values'],
};
const packages = foldersIn('packages');
const services = foldersIn('services');
const editions = foldersIn('editions');

const packageZones = packages.flatMap((name) => [
  ...packages
    .filter((other) => other !== name && !(packageMayImport[name] ?? []).includes(other))
    .map((other) => ({
      target: `packages/${name}/src`,
      from: `packages/${other}`,
      message: `packages/${name} does not know packages/${other}`,
    })),
  { target: `packages/${name}/src`, from: 'services', message: 'a package never imports a service' },
  { target: `packages/${name}/src`, from: 'editions', message: 'a package never imports an edition' },
]);

const roomMayImport = {
  domain: [],
  application: ['domain'],
  inbound: ['application', 'domain'],
  outbound: ['application', 'domain', 'migrations'],
  migrations: [],
};
const rooms = Object.keys(roomMayImport);

const serviceZones = services.flatMap((name) => {
  const src = `services/${name}/src`;
  return [
    {
      target: `services/${name}`,
      from: 'services',
      except: [`./${name}`],
      message: 'services meet in Kafka, not in code',
    },
    { target: `services/${name}`, from: 'editions', message: 'a service never imports an edition' },
    ...rooms.flatMap((room) =>
      rooms
        .filter((other) => other !== room && !roomMayImport[room].includes(other))
        .map((other) => ({
          target: `${src}/${room}`,
          from: `${src}/${other}`,
          message: `${room} does not know ${other}`,
        })),
    ),
    ...rooms.flatMap((room) =>
      ['main.ts', 'service.ts', 'config.ts', 'migrate.ts'].map((file) => ({
        target: `${src}/${room}`,
        from: `${src}/${file}`,
        message: `${room} gets what it needs handed in`,
      })),
    ),
    { target: `${src}/domain`, from: 'packages', except: ['./values'], message: 'a domain knows only packages/values' },
    {
      target: `${src}/main.ts`,
      from: rooms.map((room) => `${src}/${room}`),
      message: 'main only reads the settings and runs the service',
    },
    { target: src, from: 'packages/testing', message: 'only tests import packages/testing' },
  ];
});

/** Rooms of the page that the others stand on: they know none of those. */
const pageRoomMayImport = { texts: [], design: ['texts'], session: ['app', 'design', 'texts'] };
const pageRooms = foldersIn('frontend/src');
const pageZones = Object.entries(pageRoomMayImport).flatMap(([room, known]) =>
  pageRooms
    .filter((other) => other !== room && !known.includes(other))
    .map((other) => ({
      target: `frontend/src/${room}`,
      from: `frontend/src/${other}`,
      message: `${room} does not know ${other}`,
    })),
);

/** What an edition puts together: how a service is made, from what settings and on what tables. */
const roots = services.flatMap((name) =>
  ['service.ts', 'config.ts', 'migrations.ts'].map((file) => `./${name}/src/${file}`),
);
const editionZones = editions.flatMap((name) => [
  { target: `editions/${name}`, from: 'services', except: roots, message: "an edition knows only services' roots" },
  { target: `editions/${name}`, from: 'editions', except: [`./${name}`], message: 'editions do not know each other' },
  { target: `editions/${name}/src`, from: 'packages/testing', message: 'only tests import packages/testing' },
]);

const rawTime = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time comes in through Clock.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes in through Clock.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness comes in through a port.',
  },
  { selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/]', message: 'Timers come in through Timers.' },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/generated/**',
      '.local/**',
      '.nx/**',
      'reports/**',
      '**/*.test-source.*',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts,mjs,cjs}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx', '.mts'] },
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          conditionNames: ['development', 'types', 'import', 'require', 'default'],
          project: join(root, 'tsconfig.base.json'),
        }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        { basePath: root, zones: [...packageZones, ...serviceZones, ...editionZones, ...pageZones] },
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unused-expressions': ['error', { allowTernary: true, allowShortCircuit: true }],
    },
  },
  {
    files: ['{packages,services,editions}/*/src/**/*.ts'],
    ignores: [
      'packages/runtime/**',
      'packages/testing/**',
      'packages/client/src/system.ts',
      'packages/messaging/src/broker/kafka/**',
      'services/*/src/outbound/**',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...rawTime] },
  },
  {
    files: ['services/*/src/domain/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'A domain imports nothing but values.' }] },
      ],
    },
  },
  {
    files: ['{packages,services,editions}/*/src/**/*.ts'],
    ignores: ['**/config.ts', 'packages/{config,runtime,testing,service}/**', '**/*.test.ts', '**/migrate.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in config.ts alone.' },
      ],
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: { module: 'writable', require: 'readonly', __dirname: 'readonly', process: 'readonly' },
    },
  },
);
