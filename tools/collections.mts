import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { services } from '../deploy/local/services.mts';
import { fetchDocument, operationsOf } from './collections/document.mts';
import { httpFileOf } from './collections/http-file.mts';
import { collectionOf } from './collections/postman.mts';
import type { Scenario } from './collections/step.mts';
import { findStack, root, ToolRefused } from './verify/where.mts';

const usage = `npm run collections [-- --check]

Writes requests/: of each service a Postman collection and an .http file with every route, from the OpenAPI documents of a
running stack and from tools/collections/scenarios/.

  --check   writes nothing; fails when what is there differs from what would be written

STACK names another stack than main; GATEWAY_URL points anywhere else.`;

const folder = join(root, 'requests');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const { gateway } = findStack(process.env, { http: true });
  const files = new Map<string, string>();
  for (const { name } of services) {
    const document = await fetchDocument(gateway, name);
    const scenario = await scenarioOf(name);
    const shown = new Set(scenario.steps.map(({ operation }) => operation));
    const known = operationsOf(document);
    const faults = [
      ...[...known.keys()].filter((each) => !shown.has(each)).map((each) => `  nobody sends ${each}`),
      ...[...shown].filter((each) => !known.has(each)).map((each) => `  there is no ${each}`),
    ];
    if (faults.length > 0)
      throw new ToolRefused(
        `tools/collections/scenarios/${name}.mts and the routes of ${name} differ:\n${faults.join('\n')}`,
      );
    files.set(
      `${name}.postman_collection.json`,
      `${JSON.stringify(await collectionOf(name, document, scenario), null, 2)}\n`,
    );
    files.set(`${name}.http`, httpFileOf(name, document, scenario));
  }
  if (values.check) check(files);
  else write(files);
}

async function scenarioOf(service: string): Promise<Scenario> {
  const file = join(import.meta.dirname, 'collections', 'scenarios', `${service}.mts`);
  if (!existsSync(file)) throw new ToolRefused(`${service} has no scenario: write ${file}`);
  const exported = (await import(file)) as Readonly<Record<string, Scenario>>;
  const scenario = exported[service];
  if (scenario === undefined) throw new ToolRefused(`${file} exports no ${service}`);
  return scenario;
}

const present = (): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((file) => /\.(http|postman_collection\.json)$/.test(file)) : [];

function check(files: ReadonlyMap<string, string>): void {
  const read = (file: string) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined;
  const stale = [...files].filter(([file, text]) => read(file) !== text).map(([file]) => file);
  const left = present().filter((file) => !files.has(file));
  if (stale.length + left.length > 0)
    throw new ToolRefused(`requests/ is out of date (npm run collections mends it): ${[...stale, ...left].join(', ')}`);
  process.stdout.write(`requests/ is what the OpenAPI documents say: ${files.size} files\n`);
}

function write(files: ReadonlyMap<string, string>): void {
  for (const file of present()) if (!files.has(file)) rmSync(join(folder, file));
  for (const [file, text] of files) writeFileSync(join(folder, file), text);
  process.stdout.write([...files.keys()].map((file) => `requests/${file}\n`).join(''));
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ToolRefused ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
