// The services' OpenAPI documents → src/generated: their types, and which operations take an Idempotency-Key.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { documentOf, documentNames } from './documents.mjs';

const out = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../src/generated');
mkdirSync(out, { recursive: true });

const keyed = {};
for (const service of documentNames) {
  const document = await documentOf(service);
  // What has a default may be left out of a request.
  const types = await openapiTS(document, { defaultNonNullable: false, alphabetize: true, immutable: true });
  writeFileSync(join(out, `${service}.ts`), astToString(types));
  keyed[service] = keyedOperations(document);
}
writeFileSync(
  join(out, 'keyed-operations.ts'),
  `/** The operations that take an Idempotency-Key. */\nexport const keyedOperations = ${JSON.stringify(keyed, null, 2)} as const;\n`,
);

function keyedOperations({ paths }) {
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { parameters = [] }]) => parameters.some(({ name }) => name === 'Idempotency-Key'))
        .map(([method]) => `${method} ${path}`),
    )
    .sort();
}
