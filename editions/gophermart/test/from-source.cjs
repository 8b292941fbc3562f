// Runs the sources as they stand, as Jest does: `node --conditions development --require from-source.cjs main.ts`.
const { registerHooks } = require('node:module');
const { existsSync, readFileSync } = require('node:fs');
const { fileURLToPath } = require('node:url');
const { transformSync } = require('@swc/core');

const options = { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } };

registerHooks({
  resolve(specifier, context, next) {
    // Sources import each other as `./x.js`, the name that they have once built.
    const source = specifier.replace(/\.js$/, '.ts');
    const isOurs = /^\.{1,2}\//.test(specifier) && context.parentURL?.endsWith('.ts') && source !== specifier;
    return next(isOurs && existsSync(new URL(source, context.parentURL)) ? source : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
    return { format: 'commonjs', source: code, shortCircuit: true };
  },
});
