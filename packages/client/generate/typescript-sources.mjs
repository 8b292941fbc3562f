// Lets Node import the TypeScript sources of the workspace as they stand: `./x.js` is `./x.ts` before anything is built.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const swc = { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: false };

registerHooks({
  resolve(specifier, context, next) {
    const asSource = specifier.replace(/\.js$/, '.ts');
    const isSource = asSource !== specifier && specifier.startsWith('.') && isOurs(context.parentURL);
    const found = isSource && existsSync(fileURLToPath(new URL(asSource, context.parentURL)));
    return next(found ? asSource : specifier, {
      ...context,
      conditions: [...context.conditions, 'development'],
    });
  },
  load(url, context, next) {
    if (!url.endsWith('.ts') || !isOurs(url)) return next(url, context);
    const path = fileURLToPath(url);
    const { code } = transformSync(readFileSync(path, 'utf8'), { ...swc, filename: path });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

function isOurs(url) {
  return url?.startsWith('file:') === true && !url.includes('/node_modules/');
}
