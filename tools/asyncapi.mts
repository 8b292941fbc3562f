import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { filesOf } from './asyncapi/files.mts';
import { root, ToolRefused } from './verify/where.mts';

const usage = `npm run asyncapi [-- --check]

Writes nginx/events/: the AsyncAPI 3 document of every topic and of the socket, and the drawn map of them, from proto/, from
the catalogue of topics, from what services subscribe to and from the schemas of the socket's messages, as they were built.

  --check   writes nothing; fails when what is there differs from what would be written`;

async function built<T>(...path: readonly string[]): Promise<T> {
  const file = join(root, ...path);
  if (!existsSync(file)) throw new ToolRefused(`${path.join('/')} is not there: make build`);
  return (await import(pathToFileURL(file).href)) as T;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const { topics } = await built<typeof import('@g-store/contracts')>('packages/contracts/dist/index.js');
  const { socketSchemas } = await built<Schemas>('services/notifications/dist/inbound/socket-schemas.js');
  const files = await filesOf(root, Object.values(topics), socketSchemas());
  for (const [name, text] of files) {
    const file = join(root, name);
    if (!values.check) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text)
      throw new ToolRefused(`${name} is out of date: npm run asyncapi mends it`);
    process.stdout.write(`${name}\n`);
  }
}

interface Schemas {
  socketSchemas(): Parameters<typeof filesOf>[2];
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ToolRefused ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
