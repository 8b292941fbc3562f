import { parseArgs } from 'node:util';
import { isLivedIn, sow } from './seed/sow.mts';
import { built, findStack, ToolRefused } from './verify/where.mts';

const usage = `npm run seed [-- --if-empty]

Makes the demo of a running stack: alice, ivan and sari (customers), staff and operator, each with the password
<login>-password; money for alice and ivan, points for alice and sari; orders in each state; rewards for goods, receipts in each
state that lasts. A second run changes nothing.

  --if-empty   does nothing when somebody has placed orders of their own

Never in production. STACK names another stack than main; DATABASE_URL_IDENTITY and GATEWAY_URL point anywhere else.`;

interface Seeding {
  readonly seedIdentity: (settings: { GSTORE_MODE: 'demo'; DATABASE_URL: string }) => Promise<readonly string[]>;
}

/** @throws ToolRefused unless this can only be a demo */
function refuseProduction(env: NodeJS.ProcessEnv, gateway: string): void {
  if (env['GSTORE_MODE'] !== undefined && env['GSTORE_MODE'] !== 'demo')
    throw new ToolRefused(`GSTORE_MODE=${env['GSTORE_MODE']}: only a demo is seeded.`);
  const { hostname } = new URL(gateway);
  if (env['GSTORE_MODE'] !== 'demo' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new ToolRefused(`${gateway} is not on this machine. If it is a demo all the same, set GSTORE_MODE=demo.`);
}

function read(args: readonly string[]) {
  try {
    const options = {
      'if-empty': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ToolRefused(`${(error as Error).message}\n\n${usage}`);
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { help, 'if-empty': ifEmpty } = read(process.argv.slice(2));
  if (help) return say(usage);
  const { name, gateway, databaseUrls } = findStack(process.env, { databases: ['identity'], http: true });
  refuseProduction(process.env, gateway);
  const { seedIdentity } = await built<Seeding>('services/identity/dist/seed.js');
  const made = await seedIdentity({ GSTORE_MODE: 'demo', DATABASE_URL: databaseUrls['identity'] ?? '' });
  say(
    made.length > 0
      ? `people: ${made.join(', ')}, each with the password <login>-password`
      : 'people: all there already',
  );
  if (ifEmpty && (await isLivedIn(gateway))) return say('orders: left alone, for there are some of other people');
  await sow(gateway, say);
  say(`The demo of ${name} is ready at ${gateway}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ToolRefused ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
