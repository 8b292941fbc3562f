import { parseArgs } from 'node:util';
import { makeService } from './new-service/make.mts';
import { hearable } from './new-service/topics.mts';
import { root, ToolRefused } from './verify/where.mts';

const usage = `npm run new-service -- <name> --hears <topic>

Writes services/<name>: a service of the house's shape that hears a topic, keeps a table and answers a route, with
tests that pass; and makes it known to the local stack, the gateway and the lockfile.

Topics: ${Object.keys(hearable).join(', ')}`;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { hears: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  const [name] = positionals;
  if (values.help) return void process.stdout.write(`${usage}\n`);
  if (name === undefined || values.hears === undefined || positionals.length > 1) throw new ToolRefused(usage);
  const files = await makeService(root, name, values.hears);
  process.stdout.write(`${files.map((file) => `  ${file}\n`).join('')}
Next:
  npm test -w services/${name}
  npx jest --selectProjects int --testPathPatterns services/${name}/
  make restart
`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const refused = error instanceof ToolRefused || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${refused ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
