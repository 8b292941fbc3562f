// dist/ → the folder that npm publishes: without what only this workspace needs, and with the licence.
//   node generate/publishable.mjs FOLDER && npm publish FOLDER
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = join(import.meta.dirname, '..');
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say which folder to make');

cpSync(join(here, 'dist'), join(folder, 'dist'), { recursive: true, filter: (file) => !file.endsWith('.map') });
cpSync(join(here, 'README.md'), join(folder, 'README.md'));
cpSync(join(here, '../../LICENSE'), join(folder, 'LICENSE'));

const {
  private: _private,
  scripts: _scripts,
  nx: _nx,
  devDependencies: _dev,
  exports,
  ...manifest
} = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
// Bundlers know the condition `development` too, and would look for sources that are not there.
const { development: _sources, ...built } = exports['.'];
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, exports: { '.': built } }, null, 2)}\n`);
